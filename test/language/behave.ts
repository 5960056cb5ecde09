import { MissionError } from '../../src/contracts/errors.js';
import type { Json } from '../../src/contracts/json.js';
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

const hash = (text: string): number =>
  [...text].reduce((sum, c) => (Math.imul(sum, 31) + c.charCodeAt(0)) >>> 0, 7);
