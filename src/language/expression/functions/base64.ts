import { Fault } from '../runtime/fault.js';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Base64 with padding. The workflow sandbox has neither Buffer nor btoa. */
export function encodeBase64(bytes: Uint8Array): string {
  let out = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const word = (bytes[at]! << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    for (let place = 0; place < 4; place++) {
      out += at + place > bytes.length ? '=' : ALPHABET[(word >> (18 - 6 * place)) & 63]!;
    }
  }
  return out;
}

/** Reads standard and URL-safe Base64, with or without padding. @throws Fault */
export function decodeBase64(text: string): Uint8Array {
  const digits = unpadded(text.replace(/\s/g, '')).replaceAll('-', '+').replaceAll('_', '/');
  const bytes = new Uint8Array(Math.floor((digits.length * 3) / 4));
  let buffer = 0;
  for (let at = 0; at < digits.length; at++) {
    const value = ALPHABET.indexOf(digits[at]!);
    if (value < 0) throw new Fault('the text is not valid Base64');
    buffer = ((buffer << 6) | value) & 0xffffff;
    if (at % 4 > 0) bytes[Math.floor((at * 3) / 4)] = (buffer >> (6 - 2 * (at % 4))) & 0xff;
  }
  if (digits.length % 4 === 1) throw new Fault('the text is not valid Base64');
  return bytes;
}

/** Removes padding in linear time; a pattern such as /=+$/ would take quadratic time on hostile text. */
function unpadded(text: string): string {
  let end = text.length;
  while (text[end - 1] === '=') end--;
  return text.slice(0, end);
}
