import { readFileSync } from 'node:fs';
import { MissionError } from '../../contracts/errors.js';
import { parseJson as parse } from '../../contracts/exact-json.js';
import { isObject, type Json, type JsonObject } from '../../contracts/json/json.js';
import type { InputSpec, InputType } from '../../contracts/plan.js';
import { CliError, EXIT } from './cli-error.js';

/** The values of the options `--input` and `--inputs`. */
export interface InputOptions {
  input?: string[];
  inputs?: string;
}

/**
 * Reads the inputs of a run: `--inputs` (JSON or `@file`) first, overridden by
 * each `--input k=v`. A value of `--input` is read by its declared type: a
 * string stays as it is, everything else is JSON.
 * @throws CliError that names the faulty option
 */
export function readInputs(options: InputOptions, declared: Record<string, InputSpec>): JsonObject {
  const inputs = options.inputs === undefined ? {} : readObject('--inputs', options.inputs);
  for (const pair of options.input ?? []) {
    const [name, text] = splitPair('--input', pair);
    const { type, enum: choices } = declared[name] ?? {};
    const isChoice = type === undefined && choices?.includes(text);
    inputs[name] = isChoice ? text : readValue(`--input ${name}`, text, type);
  }
  return inputs;
}

/**
 * Reads a JSON object from an option's text, or from the file behind an `@`.
 */
export function readObject(option: string, text: string): JsonObject {
  const value = parseJson(option, text.startsWith('@') ? readText(option, text.slice(1)) : text);
  if (isObject(value)) return value;
  throw usage(`${option} must be a JSON object, for example '{"key": "value"}'`);
}

/** Splits `k=v`; the value may contain further `=`. */
export function splitPair(option: string, pair: string): [string, string] {
  const at = pair.indexOf('=');
  if (at > 0) return [pair.slice(0, at), pair.slice(at + 1)];
  throw usage(`${option} ${pair} has no value`, `write ${option} name=value`);
}

/**
 * Reads one value of an option. Without a declared type, valid JSON is parsed
 * and any other text stays a string.
 */
export function readValue(option: string, text: string, type: InputType | undefined): Json {
  if (type === 'string') return text;
  if (type === undefined) return guess(option, text);
  const value = parseJson(option, text, type);
  if (hasType(value, type)) return value;
  throw usage(`${option} must be ${article(type)}, but ${JSON.stringify(text)} is not`);
}

function guess(option: string, text: string): Json {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof MissionError) throw inexact(option, error);
    return text;
  }
}

function hasType(value: Json, type: InputType): boolean {
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isObject(value);
  if (type === 'integer') return Number.isInteger(value);
  return typeof value === type;
}

function parseJson(option: string, text: string, type?: InputType): Json {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof MissionError) throw inexact(option, error);
    if (type) throw usage(`${option} must be ${article(type)}, but ${JSON.stringify(text)} is not`);
    throw usage(`${option} is not JSON: ${(error as Error).message}`);
  }
}

function readText(option: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw usage(`${option} cannot read ${file}: ${(error as Error).message}`);
  }
}

/** The shell removes one level of quotes. */
const inexact = (option: string, { message }: MissionError) =>
  usage(`${option}: ${message}`, 'quote the value for the shell: \'"…"\'');

const article = (type: InputType) => `${/^[aio]/.test(type) ? 'an' : 'a'} ${type}`;

const usage = (message: string, hint?: string) =>
  new CliError(EXIT.usage, 'input_invalid', message, hint);
