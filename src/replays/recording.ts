import type { DataSource } from 'typeorm';
import { MissionError } from '../contracts/errors.js';
import type { StepError } from '../contracts/errors.js';
import type { Json } from '../contracts/json/json.js';
import type { PlanStep } from '../contracts/plan.js';
import type { ReusableSteps } from '../contracts/run/rerun.js';
import type { StepPlace } from '../contracts/run/place.js';
import type { StepRecord } from '../contracts/run/records.js';
import { isWithin } from '../language/plan/steps/keys-inside.js';
import { recordKey } from '../language/plan/steps/record-key.js';
import { inner } from '../language/plan/steps/step-blocks.js';
import { REUSABLE, reusableOf } from '../runs/dispatch/reuse-steps.js';
import { doesCount } from '../language/plan/kinds.js';

/** A finished step of a recorded run; `cancelled` only in a recording of the whole run. */
export interface RecordedStep extends StepPlace {
  name: string;
  kind: string;
  status: 'success' | 'skipped' | 'error' | 'cancelled';
  attempt: number;
  result: Json;
  error: StepError | null;
  /** Epoch milliseconds. */
  completed_ms: number | null;
  inputs?: Json;
}

const MAX_ROWS = 100_000;
const MAX_BYTES = 64 * 1024 * 1024;

const COLUMNS = `s.path, s.iteration, s.name, s.kind, s.status, s.attempt, s.result, s.error,
  (extract(epoch FROM s.completed_at) * 1000)::float8 AS completed_ms`;
const READ = `SELECT ${COLUMNS} ${REUSABLE} LIMIT ${MAX_ROWS + 1}`;
const WEIGH = `SELECT coalesce(sum(octet_length(s.result::text)), 0)::float8 AS bytes ${REUSABLE}`;
const ALL = `FROM execution_steps s WHERE s.run_id = $1 AND s.status IN ('success', 'skipped', 'error', 'cancelled')`;
const READ_ALL = `SELECT ${COLUMNS}, s.inputs ${ALL} LIMIT ${MAX_ROWS + 1}`;
const WEIGH_ALL = `SELECT coalesce(sum(octet_length(s.result::text) + coalesce(octet_length(s.inputs::text), 0)), 0)::float8
  AS bytes ${ALL}`;

/** The ended steps of a run, read from its journal. */
export class Recording {
  private readonly byKey: ReadonlyMap<string, RecordedStep>;
  private readonly byPath: ReadonlyMap<string, RecordedStep[]>;

  constructor(rows: readonly RecordedStep[]) {
    this.byKey = new Map(rows.map((row) => [recordKey(row), row]));
    const sorted = [...this.byKey.values()].sort((a, b) =>
      compareIterations(a.iteration, b.iteration),
    );
    this.byPath = Map.groupBy(sorted, ({ path }) => path);
  }

  /**
   * Reads the given steps before a point.
   * @throws MissionError `too_large` for more than 100,000 rows or 64 MiB
   */
  static async read(
    dataSource: DataSource,
    runId: string,
    steps: readonly ReusableSteps[],
    { iteration }: StepPlace,
  ): Promise<Recording> {
    const parameters = reusableOf(runId, steps, iteration);
    const [{ bytes }] = await dataSource.query(WEIGH, parameters);
    const rows = bytes > MAX_BYTES ? [] : await dataSource.query(READ, parameters);
    if (bytes <= MAX_BYTES && rows.length <= MAX_ROWS) return new Recording(rows);
    const text = `Too much was done before that point to be looked through: more than ${MAX_ROWS} steps or ${MAX_BYTES} bytes. Begin at an earlier step, or re-run the whole.`;
    throw new MissionError('too_large', text);
  }

  /**
   * Reads all ended steps of a run.
   * @throws MissionError `too_large` for more than 100,000 rows or 64 MiB
   */
  static async whole(dataSource: DataSource, runId: string): Promise<Recording> {
    const [{ bytes }] = await dataSource.query(WEIGH_ALL, [runId]);
    const rows = bytes > MAX_BYTES ? [] : await dataSource.query(READ_ALL, [runId]);
    if (bytes <= MAX_BYTES && rows.length <= MAX_ROWS) return new Recording(rows);
    const text = `The run did too much to be compared with: more than ${MAX_ROWS} steps or ${MAX_BYTES} bytes.`;
    throw new MissionError('too_large', text);
  }

  get rows(): Iterable<RecordedStep> {
    return this.byKey.values();
  }

  at(place: StepPlace): RecordedStep | undefined {
    return this.byKey.get(recordKey(place));
  }

  /** True when a step inside a loop ended in the given iteration. */
  hasWithin(loop: string, { iteration }: StepPlace): boolean {
    for (const [path, rows] of this.byPath) {
      if (!path.startsWith(`${loop}/`)) continue;
      const last = rows[endOf(rows, iteration) - 1];
      if (last && isWithin(last.iteration, iteration)) return true;
    }
    return false;
  }

  /** Converts a row to the interpreter's record of the step. */
  recordOf(row: RecordedStep, step: PlanStep): StepRecord {
    if (row.status === 'skipped') return { status: 'done', result: null, skipped: true };
    if (row.status === 'error') {
      return { status: 'failed', error: row.error!, attempt: row.attempt };
    }
    if (step.kind === 'return') return { status: 'returned', result: row.result };
    const untouched = step.kind === 'conditional' && !this.touched(step, row.iteration);
    return {
      status: 'done',
      result: row.result,
      ...(untouched && { skipped: true as const }),
      ...(this.hasLooped(step, row) && { looped: true as const }),
    };
  }

  /** True when a `foreach` inside the step has ended. */
  private hasLooped(step: PlanStep, { iteration }: StepPlace): boolean {
    return within(step).some((each) => {
      const rows = doesCount(each) ? (this.byPath.get(each.path) ?? []) : [];
      const last = rows[endOf(rows, iteration) - 1];
      return last !== undefined && isWithin(last.iteration, iteration);
    });
  }

  /** True when a step in the branches has ended and was not skipped. */
  private touched(step: PlanStep, iteration: string): boolean {
    return inner(step).some((each) => {
      const row = this.at({ path: each.path, iteration });
      if (!row || row.status === 'skipped') return false;
      return each.kind !== 'conditional' || this.touched(each, iteration);
    });
  }
}

const within = (step: PlanStep): PlanStep[] =>
  inner(step).flatMap((each) => [each, ...within(each)]);

/** The index behind the last row within an iteration, by binary search in rows in the order of their iterations. */
function endOf(rows: readonly RecordedStep[], around: string): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const { iteration } = rows[middle]!;
    if (isWithin(iteration, around) || compareIterations(iteration, around) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function compareIterations(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => text.split('.').map(Number));
  for (const [at, index] of left!.entries()) {
    if (index !== right![at]) return index - (right![at] ?? -1);
  }
  return left!.length - right!.length;
}
