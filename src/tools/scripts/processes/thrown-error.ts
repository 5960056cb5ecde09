import { MissionError } from '../../../contracts/errors.js';
import { isObject, type Json, type JsonObject } from '../../../contracts/json/json.js';
import type { Confines, Fault } from '../../../sandbox/confines.js';

/** Codes that say something of the platform or the run; a script cannot claim them. */
const RESERVED = /^(internal|cancelled|unavailable|script_not_available|.*_exceeded)$/;
const CODE = /^[a-z][a-z0-9_]{0,63}$/;
const MAX_MESSAGE = 2_000;
/** They say nothing beyond that something failed. */
const PLAIN_TYPES = new Set(['Error', 'Exception']);

/**
 * The error of a script that failed by itself, of what its runner tells (`runners/node-failure.mjs`): an error with a
 * code of its own speaks for itself; another one is told with its type and place, or as what the jail refused.
 */
export function thrownError(told: JsonObject, stderr: string, confines?: Confines): MissionError {
  const code = String(told['code'] ?? '');
  const retryable = told['retryable'] === false ? false : undefined;
  const data = withFacts(told['data'], {
    ...(typeof told['at'] === 'string' && { at: told['at'] }),
    ...(Array.isArray(told['trace']) && { trace: told['trace'] }),
    ...(stderr !== '' && { stderr }),
  });
  if (CODE.test(code) && !RESERVED.test(code)) {
    return new MissionError(code, shorten(textOf(told)), data, { retryable });
  }
  const faults = (Array.isArray(told['faults']) ? told['faults'] : []) as unknown as Fault[];
  const said = typeof told['said'] === 'string' ? told['said'] : textOf(told);
  return explained(wordsOf(told), data, { faults, said, retryable, confines });
}

interface Explanation {
  faults: readonly Fault[];
  /** All that the error says. */
  said: string;
  confines: Confines | undefined;
  retryable?: boolean | undefined;
}

/** A script's error in these words, unless it comes from what the jail refused: that comes again at every attempt. */
export function explained(
  words: string,
  data: Json | undefined,
  { faults, said, confines, retryable }: Explanation,
): MissionError {
  const refusal = confines?.refusalOf(faults, said);
  if (refusal) {
    const { message, target, permission = null } = refusal;
    const more = withFacts(data, { refused: target, permission });
    const text = shorten(`${message} (${words})`);
    return new MissionError('permission_denied', text, more, { retryable: false });
  }
  const reason = confines?.unreachedBy(said);
  const text = reason === undefined ? words : `${words}: ${reason}`;
  return new MissionError('script_error', shorten(text), data, { retryable });
}

/**
 * `KeyError: 'k' (orders.py:3)`. A plain error has only the words that its author chose, and directives may compare
 * them: its place is in `data.at` alone, and shown beside them.
 */
function wordsOf(told: JsonObject): string {
  const { type, at } = told;
  const text = textOf(told);
  if (typeof type !== 'string' || PLAIN_TYPES.has(type)) return text;
  const isNamed = text === type || text.startsWith(`${type}:`);
  return placed(isNamed ? text : `${type}: ${text}`, at);
}

/** Words with the place where it happened, where they do not tell it. */
export const placed = (text: string, at: Json | undefined) =>
  typeof at === 'string' && !text.includes(at) ? `${text} (${at})` : text;

const textOf = ({ message }: JsonObject) =>
  String(message ?? 'the script failed without a message');

/** A message that every reader can hold. */
export const shorten = (text: string) =>
  text.length <= MAX_MESSAGE ? text : `${text.slice(0, MAX_MESSAGE)}…`;

/** A script's own data, with what is known besides. */
export function withFacts(data: Json | undefined, facts: JsonObject): Json | undefined {
  if (Object.keys(facts).length === 0) return data;
  if (data === undefined) return facts;
  return isObject(data) ? { ...data, ...facts } : { value: data, ...facts };
}
