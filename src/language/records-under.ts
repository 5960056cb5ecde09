import type { Records, StepPlace, StepRecord } from '../contracts/run.js';
import type { StepPosition } from './step-positions.js';

/**
 * The records that a segment needs: of the steps from its start to the end of their list, and of what
 * is inside them. Loops go without the results that they have gathered; a segment adds to them.
 */
export function recordsUnder(
  records: ReadonlyMap<string, StepRecord>,
  { steps, index }: StepPosition,
  { iteration }: StepPlace,
): Records {
  const paths = steps.slice(index).map((step) => step.path);
  return [...records]
    .filter(([key]) => belongs(key, paths, iteration))
    .map(([key, record]) => [key, bare(record)]);
}

function belongs(key: string, paths: readonly string[], iteration: string): boolean {
  const at = key.lastIndexOf('#');
  const path = key.slice(0, at);
  const place = key.slice(at + 1).replace(/!$/, '');
  return (
    (place === iteration || iteration === '' || place.startsWith(`${iteration}.`)) &&
    paths.some((p) => path === p || path === `${p}[]` || path.startsWith(`${p}/`))
  );
}

function bare(record: StepRecord): StepRecord {
  if (record.status !== 'loop') return record;
  return { ...record, base: record.next, items: [], errors: [], tallies: {}, named: {} };
}

/** Takes a segment's records over, and drops those that lie inside something that is finished. */
export function mergeRecords(records: Map<string, StepRecord>, news: Records): void {
  for (const [key, record] of news) {
    const known = records.get(key);
    if (record.status === 'loop' && known?.status === 'loop') extend(known, record);
    else records.set(key, record.status === 'loop' ? { ...record, base: 0 } : record);
  }
  for (const key of records.keys()) if (isPast(records, key)) records.delete(key);
}

type Loop = StepRecord & { status: 'loop' };

function extend(loop: Loop, more: Loop): void {
  loop.next = more.next;
  loop.begun = more.begun;
  loop.items.push(...more.items);
  loop.errors.push(...more.errors);
  Object.assign(loop.named, more.named);
  for (const [word, n] of Object.entries(more.tallies)) {
    loop.tallies[word] = (loop.tallies[word] ?? 0) + n;
  }
}

/** True when a step around this record is finished, or a loop around it has gone past its iteration. */
function isPast(records: ReadonlyMap<string, StepRecord>, key: string): boolean {
  const at = key.lastIndexOf('#');
  const path = key.slice(0, at);
  const indices = key
    .slice(at + 1)
    .replace(/!$/, '')
    .split('.');
  if (key.endsWith('!') && records.get(key.slice(0, -1))?.status === 'done') return true;
  for (const around of ancestors(path)) {
    for (let depth = 0; depth <= indices.length; depth++) {
      const record = records.get(`${around}#${indices.slice(0, depth).join('.')}`);
      if (record?.status === 'done') return true;
      if (record?.status === 'loop' && Number(indices[depth]) < record.next) return true;
    }
  }
  return false;
}

/** The paths around a path, the loop itself for an iteration (`loop[]`). */
function ancestors(path: string): string[] {
  const paths: string[] = path.endsWith('[]') ? [path.slice(0, -2)] : [];
  for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
    paths.push(path.slice(0, at));
  }
  return paths;
}
