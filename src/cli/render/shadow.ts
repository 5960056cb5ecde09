import type { ShadowView } from '../views.js';
import { firstLine } from './run.js';
import { table } from './table.js';

const WIDTH = 60;

/** What a shadow run found out, for people. */
export function renderShadow(found: ShadowView | null): string {
  if (!found) return 'the shadow has told nothing';
  const { compared, total, differences } = found;
  const head = `${compared} steps compared, ${total === 0 ? 'no differences' : `${total} differences`}`;
  if (differences.length === 0) return head;
  const rows = differences.map(({ kind, path, iteration, recorded, shadow }) => [
    kind.toLowerCase(),
    iteration === '' ? path : `${path} [${iteration}]`,
    firstLine(JSON.stringify(recorded), WIDTH),
    firstLine(JSON.stringify(shadow), WIDTH),
  ]);
  return `${head}\n${table(['DIFFERENCE', 'STEP', 'RECORDED', 'SHADOW'], rows)}`;
}
