import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { MissionError } from '../../../contracts/errors.js';
import { parseJson } from '../../../contracts/exact-json.js';
import type { Json } from '../../../contracts/json/json.js';
import { decodeBase64, encodeBase64 } from './base64.js';
import { Fault } from '../runtime/fault.js';
import { asText, define } from './function.js';
import type { Machine } from '../runtime/machine.js';
import { json, measure, show } from '../runtime/values.js';

const PARSE = 'parse_json(text)';
const SHA = 'sha256(text)';
const BASE64 = 'base64(text)';
const DECODE = 'base64_decode(text)';
const URL = 'url_encode(text)';

/** Functions for encodings, hashes and `uuid()`. Text is encoded as UTF-8. */
export const CODE_FUNCTIONS = {
  json: define('json(value)', (machine, [value]) => json(machine, value!)),
  parse_json: define(PARSE, (machine, [value]) => parse(machine, asText(value, PARSE))),
  sha256: define(SHA, (machine, [value]) => hash(utf8(machine, asText(value, SHA)))),
  base64: define(BASE64, (machine, [value]) => encodeBase64(utf8(machine, asText(value, BASE64)))),
  base64_decode: define(DECODE, (machine, [value]) => decode(machine, asText(value, DECODE))),
  url_encode: define(URL, (machine, [value]) => {
    const text = asText(value, URL);
    machine.charge(text.length * 9);
    return encodeURIComponent(text.toWellFormed());
  }),
  uuid: define('uuid()', (machine) => uuid(`${machine.scope.seed()}\n${machine.nextId()}`)),
};

const hash = (bytes: Uint8Array): string => bytesToHex(sha256(bytes));

function utf8(machine: Machine, text: string): Uint8Array {
  machine.charge(text.length * 2);
  machine.step(Math.ceil(text.length / 16));
  return new TextEncoder().encode(text);
}

function parse(machine: Machine, text: string): Json {
  machine.charge(text.length);
  machine.step(Math.ceil(text.length / 16));
  try {
    const value = parseJson(text);
    measure(machine, value);
    return value;
  } catch (error) {
    if (error instanceof Fault) throw error;
    if (error instanceof MissionError) throw new Fault(`parse_json(text): ${error.message}`);
    throw new Fault(`parse_json cannot read ${show(text)}: ${(error as Error).message}`);
  }
}

function decode(machine: Machine, text: string): string {
  machine.charge(text.length);
  machine.step(Math.ceil(text.length / 16));
  const bytes = decodeBase64(text);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Fault('the Base64 does not contain UTF-8 text');
  }
}

/** Derives a version 8 UUID (RFC 9562: custom) from the SHA-256 of a text, so that replays give the same id. */
function uuid(source: string): string {
  const hex = hash(new TextEncoder().encode(source));
  const variant = '89ab'[parseInt(hex[16]!, 16) % 4]!;
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
  ];
  return [...parts, hex.slice(20, 32)].join('-');
}
