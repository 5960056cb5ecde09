import type { Json } from '../../../contracts/json/json.js';
import { parseServerText } from './server-text.js';

const START = /\{\s*"(?:jsonrpc|id|result|error)"\s*:/g;
const MAX_TRIES = 8;

/**
 * The JSON-RPC objects in a line that also contains other text, such as a
 * banner before the first message.
 */
export function jsonObjectsIn(line: string): Json[] {
  const found: Json[] = [];
  let from = 0;
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    START.lastIndex = from;
    const start = START.exec(line)?.index;
    if (start === undefined) break;
    const end = endOf(line, start);
    const value = parsed(line.slice(start, end));
    if (value !== undefined) found.push(value);
    from = value === undefined ? start + 1 : end;
  }
  return found;
}

/**
 * The position after the brace that closes the one at `start`; braces in
 * strings do not count.
 */
function endOf(line: string, start: number): number {
  let depth = 0;
  let quoted = false;
  for (let at = start; at < line.length; at += 1) {
    const sign = line[at];
    if (quoted && sign === '\\') at += 1;
    else if (sign === '"') quoted = !quoted;
    else if (!quoted && sign === '{') depth += 1;
    else if (!quoted && sign === '}' && (depth -= 1) === 0) return at + 1;
  }
  return line.length;
}

function parsed(text: string): Json | undefined {
  try {
    return parseServerText(text);
  } catch {
    return undefined;
  }
}
