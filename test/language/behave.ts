import { MissionError } from '../../src/contracts/errors.js';
import type { Json } from '../../src/contracts/json/json.js';
import type { TurnResult } from '../../src/contracts/model-turn.js';
import type { Behaviour } from './oracle.js';

/** What the scripts of random plans do: nothing but to answer, or to fail, by where and how they are called. */
export const behave: Behaviour = ({ script, path, iteration, attempt, inputs }) => {
  const at = hash(`${path}#${iteration}`);
  const good: Json = {
    n: at % 4,
    status: ['ok', 'bad', 'ok', ''][at % 4]!,
    echo: inputs,
    ...(script === 'big' ? { text: 'word '.repeat(80), list: [1, 2, { n: at % 3 }] } : {}),
  };
  const fails =
    script === 'bad' ||
    (script === 'first' && attempt < 2) ||
    (script === 'second' && attempt < 3) ||
    (script === 'late' && attempt < 3) ||
    (script === 'flip' && at % 2 === 0);
  if (script === 'never')
    throw new MissionError('script_error', 'never', { at }, { retryable: false });
  if (!fails) return good;
  const code = script === 'late' ? 'timeout' : at % 3 === 0 ? 'odd' : 'script_error';
  throw new MissionError(code, `${script} at ${path}`, { at, text: 'why '.repeat(20) });
};

/** What the models of random plans say: they want some calls, answer, or answer what is not right. */
export function said(
  tools: readonly string[],
  { path, iteration, attempt }: { path: string; iteration: string; attempt: number },
): TurnResult {
  const at = hash(`${path}#${iteration}`);
  if (at % 7 === 0 && attempt < 2) throw new MissionError('timeout', `late at ${path}`, { at });
  if (at % 11 === 0)
    throw new MissionError('model_error', `no answer at ${path}`, null, { retryable: false });
  const calls = Array.from({ length: at % 4 }, (_, n) => {
    const tool = [...tools, 'unknown'][(at + n) % (tools.length + 1)]!;
    const words = { n: at % 5, text: 'word '.repeat(n * 20) };
    const problem = tool === 'unknown' ? { problem: 'there is no such tool' } : {};
    return { id: `${at}-${n}`, tool, arguments: words, ...problem };
  });
  return {
    model: 'random',
    text: 'said '.repeat((at % 3) * 20),
    calls,
    ...(calls.length === 0 && at % 8 === 0 ? { problem: 'it is not a JSON object' } : {}),
    ...(calls.length === 0 && at % 8 === 4 ? { output: { n: at % 4, status: 'ok' } } : {}),
    usage: { input_tokens: 1 + (at % 20), output_tokens: at % 9, cost_usd: 0 },
  };
}

const hash = (text: string): number =>
  [...text].reduce((sum, c) => (Math.imul(sum, 31) + c.charCodeAt(0)) >>> 0, 7);
