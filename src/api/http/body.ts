import type { IncomingMessage } from 'node:http';
import { json, type RequestHandler } from 'express';
import { MissionError } from '../../contracts/errors.js';
import { jsonNumberProblem, sentence } from '../../contracts/exact-json.js';
import { MAX_INPUT_BYTES } from '../../contracts/plan.js';

/** Upper bound on the bytes of a request's body: the largest input, and 64 KiB for the JSON around it. */
export const MAX_BODY_BYTES = MAX_INPUT_BYTES + 64 * 1024;
const MAX_DEPTH = 100;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);

/** The nesting depth of JSON text, computed without parsing the text. */
export function nestingOf(text: Uint8Array): number {
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const byte = text[index]!;
    if (byte === QUOTE) quoted = !quoted;
    else if (quoted) index += byte === BACKSLASH ? 1 : 0;
    else if (OPENING.has(byte)) deepest = Math.max(deepest, (depth += 1));
    else if (CLOSING.has(byte)) depth -= 1;
  }
  return deepest;
}

/** @throws MissionError `input_invalid` for JSON text that nests deeper than 100 */
export function checkNesting(text: Uint8Array): void {
  if (nestingOf(text) > MAX_DEPTH) throw nestingFault();
}

const nestingFault = () =>
  new MissionError(
    'input_invalid',
    `The JSON is nested more than ${MAX_DEPTH} levels deep. Flatten it.`,
  );

const tooLarge = () =>
  new MissionError(
    'too_large',
    `The request is larger than ${MAX_BODY_BYTES} bytes. Put large data into a file of the project and pass its path as an input.`,
  );

const notJson = ({ message }: { message?: string }) =>
  new MissionError('input_invalid', `The body of the request is not valid JSON: ${message}.`);

/** Replaces the parser's errors, which name neither the body nor the limit nor a remedy. */
function clarify(thrown: unknown): unknown {
  const fault = (thrown ?? {}) as { type?: string; message?: string };
  if (fault.type === 'entity.too.large') return tooLarge();
  return fault.type === 'entity.parse.failed' ? notJson(fault) : thrown;
}

/**
 * @param value the value that the text was parsed to
 * @throws MissionError `input_invalid` for a number that a double cannot hold
 */
export function checkNumbers(text: { toString(): string }, value: unknown): void {
  const problem = jsonNumberProblem(text, value);
  if (problem) throw new MissionError('input_invalid', `${sentence(problem)}.`);
}

function checkText(bytes: Buffer, charset: string, value: unknown): void {
  if (charset !== 'utf-8') throw new MissionError('input_invalid', 'Send the JSON as UTF-8.');
  checkNesting(bytes);
  checkNumbers(bytes, value);
}

/**
 * Parses JSON bodies of bounded size and depth, with exact numbers. The text is checked after parsing, because Express
 * would answer an error in `verify` with 403.
 */
export function parseBody(): RequestHandler[] {
  const texts = new WeakMap<IncomingMessage, { bytes: Buffer; charset: string }>();
  const verify = (request: IncomingMessage, _: unknown, bytes: Buffer, charset: string) => {
    texts.set(request, { bytes, charset });
  };
  const check: RequestHandler = (request, _response, next) => {
    const text = texts.get(request);
    texts.delete(request);
    if (text) checkText(text.bytes, text.charset, request.body);
    next();
  };
  const parser = json({ limit: MAX_BODY_BYTES, verify });
  const parse: RequestHandler = (request, response, next) =>
    parser(request, response, (thrown) => next(clarify(thrown)));
  return [parse, check];
}
