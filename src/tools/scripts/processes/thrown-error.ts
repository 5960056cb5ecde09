import { MissionError } from '../../../contracts/errors.js';
import { isObject, type Json, type JsonObject } from '../../../contracts/json/json.js';
import type { Confines, Fault } from '../../../sandbox/confines.js';

/** Codes about the platform or the run; a script cannot claim them. */
const RESERVED = /^(internal|cancelled|unavailable|script_not_available|.*_exceeded)$/;
const CODE = /^[a-z][a-z0-9_]{0,63}$/;
const MAX_MESSAGE = 2_000;
/** Types that only say that an error happened. */
const PLAIN_TYPES = new Set(['Error', 'Exception']);

/**
 * Builds the error of a script that failed, from its runner's description
 * (`inside/node-failure.mjs`). An error with its own code keeps its message;
 * any other one gets its type and place, or becomes the refusal of the jail
 * that caused it.
 */
export function thrownError(
  described: JsonObject,
  stderr: string,
  confines?: Confines,
): MissionError {
  const code = String(described['code'] ?? '');
  const retryable = described['retryable'] === false ? false : undefined;
  const data = withFacts(described['data'], {
    ...(typeof described['at'] === 'string' && { at: described['at'] }),
    ...(Array.isArray(described['trace']) && { trace: described['trace'] }),
    ...(stderr !== '' && { stderr }),
  });
  if (CODE.test(code) && !RESERVED.test(code)) {
    return new MissionError(code, shorten(textOf(described)), data, { retryable });
  }
  const faults = (Array.isArray(described['faults'])
    ? described['faults']
    : []) as unknown as Fault[];
  const said = typeof described['said'] === 'string' ? described['said'] : textOf(described);
  return explained(wordsOf(described), data, { faults, said, retryable, confines });
}

interface Explanation {
  faults: readonly Fault[];
  /**
   * The full text of the error, with everything that was handled on the way.
   */
  said: string;
  confines: Confines | undefined;
  retryable?: boolean | undefined;
}

/**
 * A script's error with this message, unless the jail caused it: then a refusal
 * that is not retryable, because it would happen again at every attempt.
 */
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
 * Formats `KeyError: 'k' (orders.py:3)`. A plain error keeps the message that
 * its author chose, because directives may compare it; its place is in
 * `data.at` only and shown next to it.
 */
function wordsOf(described: JsonObject): string {
  const { type, at } = described;
  const text = textOf(described);
  if (typeof type !== 'string' || PLAIN_TYPES.has(type)) return text;
  const isNamed = text === type || text.startsWith(`${type}:`);
  return placed(isNamed ? text : `${type}: ${text}`, at);
}

/** Adds the place to a message that does not contain it. */
export const placed = (text: string, at: Json | undefined) =>
  typeof at === 'string' && !text.includes(at) ? `${text} (${at})` : text;

const textOf = ({ message }: JsonObject) =>
  String(message ?? 'the script failed without a message');

/** Limits the length of a message. */
export const shorten = (text: string) =>
  text.length <= MAX_MESSAGE ? text : `${text.slice(0, MAX_MESSAGE)}…`;

/** Adds facts to a script's own data. */
export function withFacts(data: Json | undefined, facts: JsonObject): Json | undefined {
  if (Object.keys(facts).length === 0) return data;
  if (data === undefined) return facts;
  return isObject(data) ? { ...data, ...facts } : { value: data, ...facts };
}
