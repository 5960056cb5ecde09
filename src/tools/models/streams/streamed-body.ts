import { isObject, type Json, type JsonObject } from '../../../contracts/json/json.js';
import { AnswerFailure, errorIn, statusOf } from '../answers/answer-failure.js';
import { isTimeout } from '../answers/is-timeout.js';
import { parseExactBody } from '../answers/exact-body.js';
import type { AnswerPieces } from './answer-pieces.js';
import { eventsOf } from './events-of.js';

/** The event after which OpenAI and compatible servers send nothing. */
const DONE = '[DONE]';
/** Upper bound on the characters of an answer. */
const MAX_ANSWER = 8 * 1024 * 1024;

/**
 * Reads a streamed answer event by event.
 * @param onText called with each piece of the answer's text
 * @returns the body that the same answer would have if it were not streamed
 * @throws AnswerFailure for a stream that reports an error, that is no answer, or that breaks off before the answer is
 * whole; `AbortError` and timeouts
 */
export async function streamedBody(
  response: Response,
  pieces: AnswerPieces,
  onText: (piece: string) => void,
): Promise<JsonObject> {
  const failed: Failed = (why, words = '', status = statusOf(undefined)) =>
    new AnswerFailure(why, status, words, Object.fromEntries(response.headers));
  try {
    const isDone = await readAll(response, pieces, { onText, failed });
    if (isDone || pieces.isWhole) return pieces.body;
  } catch (thrown) {
    if (thrown instanceof AnswerFailure || isTimeout(thrown) || isAbort(thrown)) throw thrown;
    throw failed(`its stream broke off: ${thrown instanceof Error ? thrown.message : 'unknown'}`);
  }
  throw failed('its stream ended in the middle of the answer');
}

type Failed = (why: string, words?: string, status?: number) => AnswerFailure;

interface Reading {
  onText(piece: string): void;
  failed: Failed;
}

/** Reads up to the end, or up to the event that says that nothing follows: then it returns true. */
async function readAll(response: Response, pieces: AnswerPieces, { onText, failed }: Reading) {
  let [size, checkAt] = [0, MAX_ANSWER];
  for await (const { event, data } of eventsOf(response)) {
    if (data.trim() === DONE) return true;
    const text = pieces.add(understood(event, data, failed));
    if (text) onText(text);
    if (pieces.hasEnded) return true;
    size += data.length;
    if (size < checkAt) continue;
    checkAt += MAX_ANSWER;
    if (JSON.stringify(pieces.body).length > MAX_ANSWER)
      throw failed(`its stream is longer than ${MAX_ANSWER} characters`);
  }
  return false;
}

function understood(event: string | undefined, data: string, failed: Failed): JsonObject {
  const value = parsed(data);
  if (!isObject(value))
    throw failed('an event of its stream is not a JSON object', JSON.stringify({ error: data }));
  const error = errorIn(value) ?? (event === 'error' ? value : undefined);
  if (error !== undefined) throw failed('', JSON.stringify({ error }), statusOf(error));
  return value;
}

function parsed(text: string): Json | undefined {
  try {
    return parseExactBody(text);
  } catch {
    return undefined;
  }
}

const isAbort = (thrown: unknown): boolean =>
  thrown instanceof Error && thrown.name === 'AbortError';
