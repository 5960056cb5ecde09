import type { Json } from '../../src/contracts/json/json.js';
import type { StepNote } from '../../src/contracts/run/segment.js';
import type { StepPlace } from '../../src/contracts/run/place.js';
import type { Compensation } from '../../src/contracts/run/run-input.js';
import { isWithin } from '../../src/language/plan/steps/keys-inside.js';
import { recordKey } from '../../src/language/plan/steps/record-key.js';
import type { HeldSegment, Journal } from '../../src/runs/journal/journal.js';
import {
  type Flags,
  type JournalRow,
  type KnownStep,
  type OpenedSegment,
  type OpenedStep,
  type OwnStepRow,
  StaleFence,
} from '../../src/runs/journal/journal-row.js';

interface Row extends KnownStep {
  undo?: Json;
  completed_ms?: number;
  order?: number;
  path: string;
  iteration: string;
  fence: number;
}

const TERMINAL = ['success', 'error', 'skipped', 'cancelled'];
const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value ?? null)) as T;

/** The step journal in memory, with the rules of its SQL. */
export class MemoryJournal implements Pick<
  Journal,
  | 'openSegment'
  | 'known'
  | 'commit'
  | 'commitEnd'
  | 'notes'
  | 'drop'
  | 'pendingCompensations'
  | 'openStep'
  | 'showStep'
  | 'closeStep'
  | 'closeEnd'
> {
  readonly rows = new Map<string, Row>();
  private readonly fences = new Map<string, number>();
  private ended = false;
  private written = 0;

  /** Wraps the journal: the callback runs before each response. */
  guarded(answering: () => void): MemoryJournal {
    return new Proxy(this, {
      get: (journal, name: keyof MemoryJournal) => {
        const method = journal[name];
        if (typeof method !== 'function') return method;
        return async (...args: never[]) => {
          const answer = await (method as (...all: never[]) => unknown).apply(journal, args);
          answering();
          return answer;
        };
      },
    });
  }

  async openSegment(_run: string, segment: string): Promise<OpenedSegment> {
    const fence = (this.fences.get(segment) ?? 0) + 1;
    this.fences.set(segment, fence);
    return {
      fence,
      again: fence > 1 || this.ended,
      cancelRequested: false,
      pauses: 0,
      artifacts: false,
    };
  }

  async known(_run: string, paths: string[], iteration: string): Promise<Map<string, KnownStep>> {
    const here = (row: Row) =>
      iteration === '' || row.iteration === iteration || row.iteration.startsWith(`${iteration}.`);
    const found = [...this.rows].filter(
      ([, row]) => paths.includes(row.path) && here(row) && TERMINAL.includes(row.status),
    );
    return new Map(copy(found));
  }

  async commit({ segment, fence }: HeldSegment, rows: JournalRow[]): Promise<Flags> {
    if (this.fences.get(segment) !== fence) throw new StaleFence(segment);
    for (const row of rows) {
      if (!this.write(row) && row.vital) throw new StaleFence(`${segment} ${recordKey(row)}`);
    }
    return { cancelRequested: false, pauses: 0 };
  }

  async commitEnd(held: HeldSegment, rows: JournalRow[]): Promise<boolean> {
    const written = new Set(rows.map(recordKey)).size;
    const before = new Map(this.rows);
    await this.commit(held, rows);
    const fresh = [...this.rows].filter(([key, row]) => before.get(key) !== row).length;
    if (this.ended || fresh < written) return false;
    this.fences.clear();
    this.ended = true;
    return true;
  }

  async notes(_run: string, notes: StepNote[]): Promise<void> {
    for (const note of notes) this.write({ ...note, fused: false });
  }

  async drop(_run: string, { path, iteration }: StepPlace): Promise<void> {
    const inside = `${path.replace(/\[\]$/, '')}/`;
    for (const row of this.rows.values()) {
      const here = row.path.startsWith(inside) && isWithin(row.iteration, iteration);
      if (here && !TERMINAL.includes(row.status)) row.status = 'cancelled';
    }
  }

  async pendingCompensations(_run: string, after: string | null): Promise<Compensation[]> {
    const cursor = ({ completed_ms = 0, order = 0 }: Row) =>
      `${String(completed_ms).padStart(16, '0')}${String(order).padStart(9, '0')}`;
    return [...this.rows.values()]
      .filter(({ undo, status }) => undo !== undefined && undo !== null && status === 'success')
      .map((row) => ({ ...copy(row), scope: copy(row.undo ?? null), cursor: cursor(row) }))
      .filter(({ cursor }) => after === null || cursor < after)
      .sort((a, b) => (a.cursor < b.cursor ? 1 : -1))
      .slice(0, 2)
      .map(({ path, iteration, result, scope, cursor }) => ({
        path,
        iteration,
        result,
        scope,
        cursor,
      }));
  }

  async openStep(_run: string, step: OwnStepRow): Promise<OpenedStep> {
    const key = recordKey(step);
    const row: Row = this.rows.get(key) ?? { ...blank, ...step, status: 'running', fence: 1 };
    row.fence++;
    const ended =
      row.status === 'success' ||
      row.status === 'skipped' ||
      (row.status === 'error' && row.attempt >= step.attempt);
    if (!ended) row.status = 'running';
    row.attempt = Math.max(row.attempt, step.attempt);
    this.rows.set(key, row);
    return { ...copy(row), cancelRequested: false };
  }

  async showStep(_run: string, step: OwnStepRow): Promise<void> {
    const row = this.rows.get(recordKey(step));
    if (row && !isUnreported(row, step)) return;
    this.rows.set(recordKey(step), { ...blank, ...copy(step), status: 'running', fence: 1 });
  }

  async closeStep(
    _run: string,
    step: OwnStepRow & { fence: number },
    end: Parameters<Journal['closeStep']>[2],
  ): Promise<void> {
    const row = this.rows.get(recordKey(step));
    const { attempt, fence } = step;
    const mine = row?.status === 'running' && row.attempt === attempt && row.fence === fence;
    if (row && !mine && !isUnreported(row, step)) throw new StaleFence(recordKey(step));
    const outcome =
      'error' in end
        ? { status: 'error' as const, result: null, error: copy(end.error) }
        : { status: 'success' as const, result: copy(end.result), error: null };
    this.rows.set(recordKey(step), { ...copy(step), ...outcome, order: ++this.written });
  }

  async closeEnd(...[run, step, end]: Parameters<Journal['closeEnd']>): Promise<boolean> {
    await this.closeStep(run, step, end);
    if (this.ended) return false;
    this.fences.clear();
    return (this.ended = true);
  }

  private write(row: JournalRow): boolean {
    const known = this.rows.get(recordKey(row));
    const open =
      !known ||
      (!TERMINAL.includes(known.status) && known.attempt <= row.attempt) ||
      (known.status === 'error' && known.attempt < row.attempt);
    const order = ++this.written;
    const fence = known?.fence ?? 0;
    if (open) this.rows.set(recordKey(row), { ...blank, ...copy(row), fence, order });
    return open;
  }
}

const isUnreported = (row: Row, step: OwnStepRow) =>
  row.status === 'error' && row.attempt < step.attempt;

const blank = { result: null, error: null, fence: 0 };
