import type { Json, JsonObject } from '../contracts/json/json.js';
import type { DirectiveFact, InputFact } from './directives.js';
import { alike, isStopWord, stem, termsOf, wordsOf } from './words.js';

const QUOTED = /"([^"]{1,2000})"|“([^”]{1,2000})”|'([^']{1,2000})'(?![\p{L}])/gu;
const NUMBER = /(?<![\p{L}\p{N}_.-])-?\d+(?:\.\d+)?(?![\p{L}\p{N}_-])/gu;
const EMAIL = /[^\s@<>"']+@[^\s@<>"']+\.[^\s@<>"',;]+/;
const URL = /https?:\/\/[^\s<>"']+/;
const PATH = /(?:\.{0,2}\/)?[\p{L}\p{N}_.-]+(?:\/[\p{L}\p{N}_.-]+)+|[\p{L}\p{N}_-]+\.[a-z]{1,5}\b/u;
const DATE = /\b\d{4}-\d{2}-\d{2}\b/;
const TRUE = new Set(['true', 'yes', 'on', 'enabled', 'with']);
const FALSE = new Set(['false', 'no', 'off', 'disabled', 'without']);
/** Words before a value that say nothing of it. */
const LINKS = new Set([
  'is',
  'to',
  'as',
  'of',
  'be',
  'the',
  'named',
  'called',
  'for',
  'equals',
  'at',
  'a',
  'an',
]);

/** The inputs of a directive that a sentence gives. */
export function fillInputs(sentence: string, fact: DirectiveFact, now: Date): JsonObject {
  const filled: JsonObject = {};
  const used = new Set<string>();
  const take = (input: InputFact, value: Json | undefined, text?: string) => {
    if (value === undefined || Object.hasOwn(filled, input.name)) return;
    filled[input.name] = value;
    for (const word of wordsOf(text ?? String(value))) used.add(word);
  };
  for (const input of fact.inputs) take(input, assigned(sentence, input));
  for (const input of fact.inputs) take(input, chosen(sentence, input));
  for (const input of fact.inputs) take(input, flagged(sentence, input));
  for (const input of fact.inputs) take(input, typed(sentence, input, now));
  for (const input of fact.inputs) take(input, beside(sentence, input, fact, used));
  const isOpen = ({ name, required, type, choices }: InputFact) =>
    required && type === 'string' && choices.length === 0 && !Object.hasOwn(filled, name);
  const [only, ...others] = fact.inputs.filter(isOpen);
  if (only && others.length === 0)
    take(only, quotedIn(sentence)[0] ?? leftover(sentence, fact, used));
  return filled;
}

/** The value of one input that a sentence alone answers, such as the answer to a question. */
export function answerFor(sentence: string, input: InputFact, now: Date): Json | undefined {
  const text = sentence.trim().replace(/[.!]+$/, '');
  const given = assigned(text, input) ?? chosen(text, input) ?? typed(text, input, now);
  if (given !== undefined) return given;
  if (input.type === 'boolean') {
    const [word = ''] = wordsOf(text);
    if (TRUE.has(word) || word === 'sure' || word === 'ok') return true;
    return FALSE.has(word) ? false : undefined;
  }
  if (input.type !== 'string' || input.choices.length > 0) return undefined;
  const quoted = quotedIn(sentence)[0];
  if (quoted !== undefined) return quoted;
  const name = wordsOf(input.name).join('[ _-]');
  const bare = text
    .replace(
      /^(?:it(?:'s| is)|that(?:'s| is)|use|the|make it|set it to|please|to|for|with|i mean|take)\s+/i,
      '',
    )
    .replace(new RegExp(`^(?:the )?${name}\\s*(?:is|:|=)?\\s+`, 'i'), '')
    .replace(new RegExp(`\\s+${name}$`, 'i'), '')
    .replace(/,? please$/i, '')
    .replace(/^the /i, '');
  return bare.trim() || undefined;
}

const quotedIn = (sentence: string): string[] =>
  [...sentence.matchAll(QUOTED)].map(([, one, two, three]) => one ?? two ?? three ?? '');

/** `name=value`, `name: value`. */
function assigned(sentence: string, input: InputFact): Json | undefined {
  const name = wordsOf(input.name).join('[ _-]?');
  const pattern = new RegExp(
    `(?<![\\p{L}\\p{N}])${name}\\s*(?:=|:(?!//))\\s*("[^"]*"|'[^']*'|\\[[^\\]]*\\]|\\{[^}]*\\}|[^\\s,;]+)`,
    'iu',
  );
  const [, value] = pattern.exec(sentence) ?? [];
  return value === undefined ? undefined : converted(value, input);
}

/** A choice of the input that the sentence names. */
function chosen(sentence: string, { choices }: InputFact): Json | undefined {
  const words = wordsOf(sentence);
  const all = words.join(' ');
  const exact = choices.filter((choice) =>
    ` ${all} `.includes(` ${wordsOf(String(choice)).join(' ')} `),
  );
  if (exact.length === 1) return exact[0];
  if (exact.length > 1) return undefined;
  const near = choices.filter((choice) => {
    const text = String(choice).toLowerCase();
    return words.some((word) => alike(word, text) || (word.length >= 4 && text.startsWith(word)));
  });
  return near.length === 1 ? near[0] : undefined;
}

/** "with force", "without backup", "no backup", for inputs that are true or false. */
function flagged(sentence: string, { type, name }: InputFact): Json | undefined {
  if (type !== 'boolean') return undefined;
  const words = wordsOf(sentence);
  const parts = wordsOf(name);
  const at = words.findIndex((_, index) =>
    parts.every((part, next) => alike(words[index + next] ?? '', part)),
  );
  if (at < 0) return undefined;
  const around = [words[at - 1], words[at - 2]];
  const after = words[at + parts.length];
  if (after !== undefined && FALSE.has(after)) return false;
  return !around.some(
    (word) => word !== undefined && (FALSE.has(word) || word === 'not' || word === 'skip'),
  );
}

/** Values that their form gives away. */
function typed(sentence: string, input: InputFact, now: Date): Json | undefined {
  const { type, name, format, description } = input;
  const about = `${name} ${format} ${description}`.toLowerCase();
  if (type === 'integer' || type === 'number') return numberFor(sentence, input);
  if (type === 'array') return listFor(sentence, input);
  if (type !== 'string' || input.choices.length > 0) return undefined;
  if (/\bdate\b|\bday\b/.test(about)) {
    const date = dateIn(sentence, now);
    if (date !== undefined) return date;
  }
  if (/e-?mail|recipient/.test(about)) return EMAIL.exec(sentence)?.[0];
  if (/\buri\b|\burl\b|address|website|\blink\b/.test(about))
    return URL.exec(sentence)?.[0].replace(/[.,;!?]$/, '');
  if (/\bpath\b|\bfile\b|folder|directory/.test(about)) return PATH.exec(sentence)?.[0];
  return undefined;
}

function dateIn(sentence: string, now: Date): string | undefined {
  const given = DATE.exec(sentence)?.[0];
  if (given) return given;
  const words = wordsOf(sentence);
  const days = words.includes('yesterday')
    ? -1
    : words.includes('tomorrow')
      ? 1
      : words.includes('today')
        ? 0
        : undefined;
  if (days === undefined) return undefined;
  return new Date(now.getTime() + days * 86_400_000).toISOString().slice(0, 10);
}

/** The number beside the input's name; the only number, where there is one. */
function numberFor(sentence: string, { name, type, description }: InputFact): number | undefined {
  const found = [...sentence.matchAll(NUMBER)].filter(
    ({ 0: text }) => type === 'number' || /^-?\d+$/.test(text),
  );
  if (found.length === 0) return undefined;
  const wanted = [...termsOf(name), ...termsOf(description)];
  const near = found.filter(({ index, 0: text }) => {
    const before = wordsOf(sentence.slice(0, index)).slice(-3);
    const after = wordsOf(sentence.slice(index + text.length)).slice(0, 2);
    return [...before, ...after].some((word) => wanted.some((other) => alike(stem(word), other)));
  });
  const [only] = near.length > 0 ? near : found.length === 1 ? found : [];
  return only === undefined ? undefined : Number(only[0]);
}

function listFor(sentence: string, { name }: InputFact): Json[] | undefined {
  const label = wordsOf(name).join('[ _-]?');
  const [, rest] =
    new RegExp(`^.*\\b(?:${label}|${label.replace(/s$/, '')})\\s+(.+)$`, 'i').exec(sentence) ?? [];
  const text = rest ?? '';
  const items = text
    .split(/\s*,\s*|\s+and\s+/)
    .map((item) => item.trim().replace(/[.!?]$/, ''))
    .filter((item) => item !== '' && item.split(/\s+/).length <= 3);
  return items.length > 1 ? items : undefined;
}

/** A word before or behind the input's name: "the auth service", "service auth", "version 2.1". */
function beside(
  sentence: string,
  input: InputFact,
  fact: DirectiveFact,
  used: ReadonlySet<string>,
): Json | undefined {
  if (input.type !== 'string' || input.choices.length > 0) return undefined;
  const tokens = tokensOf(sentence);
  const parts = wordsOf(input.name);
  const label = parts.at(-1)!;
  const own = new Set([...wordsOf(fact.id)].filter((word) => word !== label));
  const fits = (word: string | undefined): word is string =>
    word !== undefined &&
    word !== '' &&
    !isStopWord(word) &&
    !used.has(word.toLowerCase()) &&
    !own.has(word.toLowerCase()) &&
    !VERBS.has(word.toLowerCase());
  for (const [at, token] of tokens.entries()) {
    const word = token.toLowerCase();
    if (!alike(stem(word), stem(label))) continue;
    const next = tokens.slice(at + 1).find((each) => !LINKS.has(each.toLowerCase()));
    if (fits(tokens[at - 1])) return tokens[at - 1];
    if (fits(next) && tokens.indexOf(next, at + 1) <= at + 3) return next;
  }
  return undefined;
}

const VERBS = new Set(
  'run start execute launch trigger do kick begin fire perform invoke call deploy create send make show list find'.split(
    ' ',
  ),
);

/** The words of a sentence as they are written; a quoted text is one of them. */
function tokensOf(sentence: string): string[] {
  const raw = sentence.match(/"[^"]*"|“[^”]*”|[^\s,;!?"“”]+/gu) ?? [];
  return raw.map((word) =>
    /^["“]/.test(word) ? word.slice(1, -1) : word.replace(/^[.'(]+|[.')]+$/g, ''),
  );
}

/** What is left of a sentence when the words of the directive and of filled inputs are gone. */
function leftover(
  sentence: string,
  fact: DirectiveFact,
  used: ReadonlySet<string>,
): string | undefined {
  const known = [...termsOf(fact.id), ...termsOf(fact.description)];
  const tokens = sentence.match(/[^\s,;!?"“”]+/gu) ?? [];
  const rest = tokens
    .map((token) => token.replace(/^[.'(]+|[.'):]+$/g, ''))
    .filter((token) => {
      const [word] = wordsOf(token);
      if (word === undefined || isStopWord(word) || used.has(word) || VERBS.has(word)) return false;
      return !known.some((other) => alike(stem(word), other));
    });
  return rest.length >= 1 && rest.length <= 4 ? rest.join(' ') : undefined;
}

/** A text as a value of the input's type; undefined when it is none. */
function converted(text: string, { type, choices }: InputFact): Json | undefined {
  const bare = text.replace(/^(["'])(.*)\1$/s, '$2');
  if (choices.length > 0)
    return choices.find((choice) => String(choice).toLowerCase() === bare.toLowerCase()) ?? bare;
  switch (type) {
    case 'integer':
    case 'number':
      return Number.isFinite(Number(bare)) && bare !== '' ? Number(bare) : bare;
    case 'boolean':
      return TRUE.has(bare.toLowerCase()) ? true : FALSE.has(bare.toLowerCase()) ? false : bare;
    case 'array':
    case 'object':
      try {
        return JSON.parse(bare) as Json;
      } catch {
        return type === 'array'
          ? bare
              .replace(/^\[|\]$/g, '')
              .split(',')
              .map((item) => item.trim())
          : bare;
      }
    default:
      return bare;
  }
}
