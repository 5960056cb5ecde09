/** Openings that are only polite. What follows them is the request. */
const POLITE = new RegExp(
  `^(?:${[
    'hey there',
    'hey',
    'hi there',
    'hi',
    'hello',
    'ok(?:ay)?',
    'so',
    'well',
    'now',
    'then',
    'alright',
    'right',
    'please',
    'pls',
    'plz',
    'kindly',
    'just',
    'quickly',
    'go ahead and',
    'would you mind',
    'do you mind',
    '(?:can|could|would|will) (?:you|u|we)(?: please| pls| kindly| just| maybe)?',
    "(?:i'd|i would|id) (?:like|love)(?: you)? to",
    '(?:i|we) (?:want|need|have)(?: you)? to',
    'i wanna',
    "let's",
    'lets',
    'is it possible to',
    'be so kind and',
    'be a dear and',
    'time to',
    'bot',
    'mission(?: control)?',
    'thanks',
    'thank you',
    'great',
    'good',
    'perfect',
    'cool',
    'nice',
  ].join('|')})\\b[\\s,:!.-]*`,
  'i',
);
const TRAILING =
  /[\s,]*(?:please|pls|plz|thanks|thank you|thx|for me|right now|now|asap|will you|would you|if you can|when you can|ok(?:ay)?)?[\s.!?]*$/i;

/** A message without what is only polite. */
export function withoutPoliteness(message: string): string {
  let text = message.trim().replace(/\s+/g, ' ');
  for (let round = 0; round < 6; round++) {
    const next = text.replace(POLITE, '');
    if (next === text || next === '') break;
    text = next;
  }
  for (let round = 0; round < 3; round++) {
    const next = text.replace(TRAILING, '');
    if (next === text || next === '') break;
    text = next;
  }
  return text;
}
