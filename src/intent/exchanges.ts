import { isObject, type Json, type JsonObject } from '../contracts/json/json.js';
import type { Said } from '../contracts/model.js';
import { parseJson } from '../contracts/exact-json.js';

/** A call of a verb, with its answer. */
export interface Answered {
  tool: string;
  args: JsonObject;
  answer: VerbAnswer;
}

/** What a verb answered: its value, or the error that it failed with. */
export type VerbAnswer =
  { ok: true; value: JsonObject } | { ok: false; code: string; message: string };

/** A message of the user, what was called for it, and what was answered. */
export interface Exchange {
  message: string;
  calls: Answered[];
  text: string;
}

const MAX_EXCHANGES = 20;

/** The conversation as exchanges, oldest first; the last one is being answered. */
export function exchangesOf(said: readonly Said[]): Exchange[] {
  const exchanges: Exchange[] = [];
  let open: { tool: string; args: JsonObject }[] = [];
  for (const each of said) {
    if (each.role === 'user') {
      exchanges.push({ message: each.text, calls: [], text: '' });
      open = [];
      continue;
    }
    const now = exchanges.at(-1);
    if (!now) continue;
    if (each.role === 'assistant') {
      if (each.text !== '') now.text = each.text;
      open = each.calls.map(({ tool, arguments: args }) => ({
        tool,
        args: isObject(args) ? args : {},
      }));
      continue;
    }
    for (const [index, { text, failed }] of each.answers.entries()) {
      const call = open[index];
      if (call) now.calls.push({ ...call, answer: read(text, failed) });
    }
  }
  return exchanges.slice(-MAX_EXCHANGES);
}

function read(text: string, failed: boolean): VerbAnswer {
  const value = parsed(failed ? text.replace(/^error: /, '') : text);
  if (!failed) return isObject(value) ? { ok: true, value } : { ok: true, value: { text } };
  const { code, message } = isObject(value) ? value : { code: 'internal', message: text };
  return { ok: false, code: String(code ?? 'internal'), message: String(message ?? text) };
}

function parsed(text: string): Json {
  try {
    return parseJson(text);
  } catch {
    return null;
  }
}
