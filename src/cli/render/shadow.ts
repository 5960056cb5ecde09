import type { ShadowView } from '../client/views.js';
import { firstLine } from './run.js';
import { table } from './table.js';

const WIDTH = 60;
/** Number of characters shown before the first difference. */
const BEFORE = 20;

/** Formats the result of a shadow run. */
export function renderShadow(found: ShadowView | null): string {
  if (!found) return 'the shadow run has no report';
  const { compared, total, differences } = found;
  const head = `${compared} steps compared, ${total === 0 ? 'no differences' : `${total} differences`}`;
  if (differences.length === 0) return head;
  const rows = differences.map(({ kind, path, iteration, recorded, shadow }) => [
    kind.toLowerCase(),
    iteration === '' ? path : `${path} [${iteration}]`,
    ...excerpts(JSON.stringify(recorded), JSON.stringify(shadow)),
  ]);
  return `${head}\n${table(['DIFFERENCE', 'STEP', 'RECORDED', 'SHADOW'], rows)}`;
}

/**
 * Both texts; if they do not fit into a column, from shortly before their first
 * difference.
 */
function excerpts(recorded: string, shadow: string): [string, string] {
  const same = [...recorded].findIndex((char, index) => char !== shadow[index]);
  const differsAt = same < 0 ? recorded.length : same;
  const fits = Math.max(recorded.length, shadow.length) <= WIDTH || differsAt < WIDTH - BEFORE;
  const from = fits ? 0 : differsAt - BEFORE;
  const part = (text: string) => firstLine(`${from > 0 ? '…' : ''}${text.slice(from)}`, WIDTH);
  return [part(recorded), part(shadow)];
}
