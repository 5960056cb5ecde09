import { withoutPoliteness } from './politeness.js';
import { listWish } from './list-wish.js';
import { statusWish } from './status-wish.js';
import type { Wish } from './wish.js';
import { alike, wordsOf } from './words.js';

const SYSTEM: [RegExp, string][] = [
  [
    /\b(?:operating system|platform|which os|what os|my os|the os|architecture|arch|cpu|kernel version|node version|runtime)\b/,
    'runtime',
  ],
  [
    /\b(?:userspace|user space|home (?:dir|directory|folder)|project (?:path|dir|directory|folder)|working directory|cwd|temp (?:dir|directory|folder)|which (?:folder|directory))\b/,
    'paths',
  ],
  [
    /\b(?:which|what|my) shell\b|\bshell\b.*\b(?:use|using|running|supports?)\b|\b(?:bash|powershell) (?:supported|available)\b/,
    'shell',
  ],
  [
    /\b(?:mission control|server|mcp|your) version\b|\bversion of (?:mission control|mcp|the server)\b|\bitem types\b|\bcapabilities\b/,
    'mcp',
  ],
];

const YES =
  /^(?:y|yes|yep|yeah|yup|sure|ok(?:ay)?|do it|go|go ahead|confirm(?:ed)?|affirmative|please do|of course|correct|right|exactly|that one|sounds good)\b/;
const NO =
  /^(?:n|no|nope|nah|never ?mind|forget (?:it|that|about it)|don'?t|do not|cancel(?: (?:that|it))?|stop|abort|leave it|not now|skip it|rather not)\b/;
const FORBID = /^(?:(?:please )?(?:do not|don'?t|never|dont) |under no circumstances)/;
const ORDINALS: Record<string, number> = {
  first: 0,
  '1st': 0,
  one: 0,
  second: 1,
  '2nd': 1,
  two: 1,
  third: 2,
  '3rd': 2,
  three: 2,
  fourth: 3,
  '4th': 3,
  four: 3,
  fifth: 4,
  '5th': 4,
  five: 4,
  last: -1,
};

/** Says what a message wants. Nothing here knows the directives of a project. */
export function understand(message: string): Wish {
  const whole = message.trim().toLowerCase().replace(/[’]/g, "'");
  const text = withoutPoliteness(message);
  const lower = text.toLowerCase().replace(/[’]/g, "'");
  const words = wordsOf(lower);
  return (
    smallTalk(whole, lower, words) ??
    reference(lower, words) ??
    systemWish(lower) ??
    question(text, lower, words) ??
    order(text, lower, words)
  );
}

function smallTalk(whole: string, lower: string, words: string[]): Wish | undefined {
  if (
    /^(?:thanks|thank you|thx|cheers|ta|great,? thanks|perfect,? thanks)\b[^?]{0,30}$/.test(whole)
  )
    return { kind: 'thanks' };
  if (
    /\b(?:who|what) (?:are|r) (?:you|u)\b|\bare you (?:an? )?(?:ai|bot|human|llm|gpt|claude|real|model)\b|what model/.test(
      whole,
    )
  )
    return { kind: 'who' };
  if (
    /^(?:hey|hi|hello|good (?:morning|afternoon|evening)|howdy|yo|greetings)\b[\s!.,]*(?:there|bot|all|everyone)?[\s!.,]*$/.test(
      whole,
    )
  )
    return { kind: 'greet' };
  if (
    /^(?:help|\?+|help me|what can (?:you|i|u) (?:do|say|ask)|what do you do|how does this work|commands|usage)\b[\s?!.]*$/.test(
      lower,
    ) ||
    words.length === 0
  )
    return { kind: 'guide' };
  return undefined;
}

/** Messages that refer to what was said before. */
function reference(lower: string, words: string[]): Wish | undefined {
  if (FORBID.test(lower)) return { kind: 'forbid' };
  if (
    /^(?:(?:run|do|try) (?:it|that|this|the same)(?: thing)? (?:again|once more|one more time)|again|once more|one more time|repeat(?: it| that)?|re-?run(?: it| that)?|re-?try(?: it| that)?|same again|do it again|try again)$/.test(
      lower,
    )
  )
    return { kind: 'again' };
  const also =
    /^(?:and|also|plus|same (?:for|with|thing for)|the same (?:for|with)|likewise|what about|how about|now|do the same (?:for|with))\s+(.+?)(?:,? (?:too|as well|also))?$/.exec(
      lower,
    );
  if (also && !/^(?:now|what about|how about)\b.*\b(?:run|start|list|show)\b/.test(lower))
    return { kind: 'also', about: also[1]! };
  if (/^(?:cancel|stop|abort|kill|halt|terminate|interrupt)\b/.test(lower))
    return { kind: 'cancel', about: lower.replace(/^\w+\s*/, '') };
  if (YES.test(lower) && words.length <= 5) return { kind: 'yes' };
  if (NO.test(lower) && words.length <= 5) return { kind: 'no' };
  const picked = /^(?:the |number |no\.? ?|option |#)?(\w+)(?: (?:one|option|of them))?$/.exec(
    lower,
  );
  const index =
    picked &&
    (ORDINALS[picked[1]!] ?? (/^\d$/.test(picked[1]!) ? Number(picked[1]) - 1 : undefined));
  return index === undefined || index === null ? undefined : { kind: 'pick', index };
}

function systemWish(lower: string): Wish | undefined {
  if (!/\b(?:what|which|where|show|tell|my|am i|are we|system|is)\b/.test(lower)) return undefined;
  const found = SYSTEM.find(([pattern]) => pattern.test(lower));
  return found && { kind: 'system', item: found[1] };
}

function question(text: string, lower: string, words: string[]): Wish | undefined {
  const asked = statusWish(lower);
  if (asked) return asked;
  const explain =
    /^(?:what does|what do|what is|what's|what are|explain|describe|tell me about|how does|details (?:of|on|about)|more about|info(?:rmation)? (?:on|about))\s+(.+)$/.exec(
      lower,
    ) ??
    /^how (?:do|can|should|would|to)(?: (?:i|we|you|one))?\s+(.+)$/.exec(lower) ??
    /^help(?: me)?(?: with| to| on| about)?\s+(.+)$/.exec(lower) ??
    /^what(?:'s| is) the (?:best )?way to\s+(.+)$/.exec(lower);
  const listed = listWish(text, lower, words);
  if (listed) return listed;
  return explain
    ? { kind: 'explain', about: explain[1]!.replace(/\s+(?:do|mean|work|for)$/, '') }
    : undefined;
}

const RUN =
  /^(?:run|start|execute|launch|trigger|kick off|fire(?: off| up)?|perform|invoke|begin|call|carry out|do)\s+(?:the |a |an |my |our )?(?:directive |workflow |automation |script |task |job )?(.+)$/i;

function order(text: string, lower: string, words: string[]): Wish {
  const [, named] = RUN.exec(text) ?? [];
  if (named !== undefined) return { kind: 'run', request: named, explicit: true };
  // "rnu backup": a typo in the word that says to run something.
  const [first = ''] = words;
  const typo = ['execute', 'launch', 'trigger', 'start', 'perform'].some((verb) =>
    alike(first, verb),
  );
  if (typo || (/^(?:rnu|rum|urn|runn)$/.test(first) && words.length > 1))
    return { kind: 'run', request: text.replace(/^\S+\s+/, ''), explicit: true };
  return { kind: 'run', request: text || lower, explicit: false };
}
