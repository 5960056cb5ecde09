import type { DataSource } from 'typeorm';
import type { StepError } from '../contracts/errors.js';
import type { StepStatus } from '../contracts/execution.js';
import type { Json } from '../contracts/json.js';
import type { ShownProgress, Spent, StepNote, StepPlace, Undo } from '../contracts/run.js';
import { plainText } from '../platform/database/plain-text.js';
import { type Notifier, TELL_CHANGED } from '../platform/database/notifier.js';
import { Statement } from '../platform/database/statement.js';
import { ending, TELL_ENDED, TELL_FREED } from './finish.js';
import { STAMP, UNSYNCED } from '../platform/database/run-sql.js';

/** One row of the journal as it is written. */
export interface JournalRow extends StepNote {
  fused: boolean;
  /** The step's own work: losing its row to another writer means that this writer is stale. */
  vital?: boolean;
}

/** What the journal knew of a step before. */
export interface KnownStep {
  kind: string;
  status: StepStatus;
  attempt: number;
  result: Json;
  error: StepError | null;
}

/** What a commit answers. */
export interface Flags {
  cancelRequested: boolean;
  /** Odd = the run is paused. */
  pauses: number;
}

/** What the start of a segment answers. */
export interface OpenedSegment {
  fence: number;
  /** It was begun before: the journal knows more than the engine. */
  again: boolean;
  /** The run is to be cancelled: nothing may begin any more. */
  cancelRequested: boolean;
  /** Odd = the run is paused. */
  pauses: number;
  /** The run has files. */
  artifacts: boolean;
}

/** An attempt of an own step, for its row. */
export interface OwnStepRow extends StepPlace {
  name: string;
  kind: string;
  attempt: number;
  inputs: Json;
  /** Epoch milliseconds. */
  started_ms: number;
}

/** An own step at its end. */
export interface EndedStep extends OwnStepRow {
  fence: number;
  /** Epoch milliseconds. */
  completed_ms: number;
  /** What its compensation would read. */
  undo?: Json;
}

/** What the start of an own step answers. */
export interface OpenedStep extends KnownStep {
  fence: number;
  cancelRequested: boolean;
}

/** This writer was overtaken: another start of the same work holds the fence now. */
export class StaleFence extends Error {
  override readonly name = 'StaleFence';
}

const COLUMNS = `path, iteration, name, kind, status, attempt, fused, inputs, result, error, undo,
  started_at, completed_at, duration_ms`;
/** Values come as text: a JSON text inside the JSON of the rows. Postgres reads the outer one, and refuses
    NUL and half characters in it; the inner one it stores as it is. */
const RECORD = `path text, iteration text, name text, kind text, status text, attempt int, fused boolean,
  inputs text, result text, error text, undo text, started_at timestamptz, completed_at timestamptz, duration_ms float8`;
const ROW = `r.path, r.iteration, r.name, r.kind, r.status, r.attempt, r.fused, r.inputs::json, r.result::json,
  r.error::json, r.undo::json, r.started_at, r.completed_at, r.duration_ms`;
const TERMINAL = `('success', 'error', 'skipped', 'cancelled')`;

const MERGE = `ON CONFLICT (run_id, path, iteration) DO UPDATE SET
    status = EXCLUDED.status, attempt = EXCLUDED.attempt, fused = EXCLUDED.fused,
    inputs = coalesce(EXCLUDED.inputs, execution_steps.inputs),
    result = EXCLUDED.result, error = EXCLUDED.error, undo = EXCLUDED.undo, started_at = EXCLUDED.started_at,
    completed_at = EXCLUDED.completed_at, duration_ms = EXCLUDED.duration_ms, ${STAMP}
  WHERE execution_steps.status NOT IN ${TERMINAL} AND execution_steps.attempt <= EXCLUDED.attempt
     OR execution_steps.status = 'error' AND execution_steps.attempt < EXCLUDED.attempt`;

const WRITE = `held AS (SELECT 1 FROM run_segments WHERE run_id = $1 AND segment = $2 AND fence = $3),
  done AS (INSERT INTO execution_steps (run_id, ${COLUMNS})
    SELECT $1, ${ROW} FROM json_to_recordset($4::json) AS r(${RECORD}), held ${MERGE} RETURNING path, iteration)`;

const WRITTEN = `(SELECT count(*) FROM held)::int AS held,
  (SELECT json_agg(json_build_array(path, iteration)) FROM done) AS written`;

interface Written {
  held: number;
  written: [path: string, iteration: string][] | null;
}

const COMMIT = new Statement<Written & Flags>(
  'journal.commit',
  `WITH ${WRITE} SELECT ${WRITTEN}, cancel_requested AS "cancelRequested", pauses
  FROM directive_executions WHERE id = $1`,
);

const SUCCESS = `json_build_object('status', 'success', 'code', NULL::text)`;
const ENDED = `(SELECT id FROM ended) AS ended, (SELECT ${TELL_ENDED} FROM ended) AS end_told,
    (SELECT ${TELL_FREED} FROM ended) AS freed`;

/** The last rows of a run that has succeeded, and its end; no end when one of them was written before. */
const COMMIT_END = new Statement<Written & { ended: string | null }>(
  'journal.commit_end',
  `WITH ${WRITE}, ${ending(
    `status = 'success', result = $5, spent = $7, ended_run_id = $8`,
    SUCCESS,
    '(SELECT count(*) FROM held) = 1 AND (SELECT count(*) FROM done) = $6',
  )} SELECT ${WRITTEN}, ${ENDED}`,
);

const NOTE = new Statement(
  'journal.note',
  `INSERT INTO execution_steps (run_id, ${COLUMNS})
  SELECT $1, ${ROW} FROM json_to_recordset($2::json) AS r(${RECORD}) ${MERGE}`,
);

/** Tells also starts that come before the engine's own request. */
const CANCEL_REQUESTED = `(SELECT cancel_requested FROM directive_executions WHERE id = $1) AS "cancelRequested"`;

/** A run that has ended, be it that it goes on after a reset, has no fences any more: its journal still knows. */
const OPEN_SEGMENT = new Statement<OpenedSegment>(
  'journal.open_segment',
  `INSERT INTO run_segments AS s (run_id, segment, fence) SELECT $1, $2, 1 FROM ${UNSYNCED}
  ON CONFLICT (run_id, segment) DO UPDATE SET fence = s.fence + 1
  RETURNING fence, fence > 1 OR (SELECT ended_run_id IS NOT NULL OR completed_at IS NOT NULL
    FROM directive_executions WHERE id = $1) AS again,
    ${CANCEL_REQUESTED}, (SELECT pauses FROM directive_executions WHERE id = $1) AS pauses,
    EXISTS (SELECT 1 FROM artifacts WHERE run_id = $1) AS artifacts`,
);

const STEP_COLUMNS = `run_id, path, iteration, name, kind, attempt, inputs, started_at, fused, status, fence`;
const STEP_VALUES = `$1, $2, $3, $4, $5, $6::int, $7::json, to_timestamp($8::float8 / 1000), false`;

/** A later attempt of a step, or the same one of a worker that has told nothing yet. */
const UNTOLD = `s.status = 'error' AND s.attempt < EXCLUDED.attempt`;

/** The first start that the engine makes of an attempt has fence 1, and needs no row; each further one raises it. */
const OPEN_STEP = new Statement<OpenedStep>(
  'journal.open_step',
  `INSERT INTO execution_steps AS s (${STEP_COLUMNS})
  SELECT ${STEP_VALUES}, 'running', 2 FROM ${UNSYNCED}
  ON CONFLICT (run_id, path, iteration) DO UPDATE SET
    fence = s.fence + 1, ${STAMP}, inputs = EXCLUDED.inputs, attempt = greatest(s.attempt, EXCLUDED.attempt),
    status = CASE WHEN s.status IN ('success', 'skipped') OR s.status = 'error' AND s.attempt >= EXCLUDED.attempt
      THEN s.status ELSE 'running' END
  RETURNING fence, kind, status, attempt, result, error, ${CANCEL_REQUESTED}`,
);

const SHOW_STEP = new Statement(
  'journal.show_step',
  `INSERT INTO execution_steps AS s (${STEP_COLUMNS})
  SELECT ${STEP_VALUES}, 'running', 1 FROM ${UNSYNCED}
  WHERE NOT EXISTS (SELECT 1 FROM directive_executions WHERE id = $1 AND ended_hard)
  ON CONFLICT (run_id, path, iteration) DO UPDATE SET status = 'running', fence = 1, attempt = EXCLUDED.attempt,
    inputs = EXCLUDED.inputs, started_at = EXCLUDED.started_at, completed_at = NULL, ${STAMP} WHERE ${UNTOLD}`,
);

/** Of an attempt that is at work, in a run that is. */
const SHOW_PROGRESS = new Statement(
  'journal.show_progress',
  `INSERT INTO execution_steps AS s (run_id, path, iteration, name, kind, attempt, started_at, fused, status, fence, progress)
  SELECT $1, $2, $3, $4, $5, $6::int, to_timestamp($7::float8 / 1000), $8, 'running', 1, $9::json
  FROM directive_executions, ${UNSYNCED} WHERE id = $1 AND completed_at IS NULL
  ON CONFLICT (run_id, path, iteration) DO UPDATE SET progress = EXCLUDED.progress, ${STAMP}
    WHERE s.status = 'running' AND s.attempt = EXCLUDED.attempt`,
);

const CLOSE = `WITH done AS (INSERT INTO execution_steps AS s (${STEP_COLUMNS}, result, error, completed_at, duration_ms, undo)
    VALUES (${STEP_VALUES}, $10, $9::int, $11, $12, to_timestamp($13::float8 / 1000), $13::float8 - $8::float8, $15)
    ON CONFLICT (run_id, path, iteration) DO UPDATE SET status = EXCLUDED.status, attempt = EXCLUDED.attempt,
      fence = EXCLUDED.fence, inputs = EXCLUDED.inputs, result = EXCLUDED.result, error = EXCLUDED.error,
      started_at = EXCLUDED.started_at, completed_at = EXCLUDED.completed_at, duration_ms = EXCLUDED.duration_ms,
      undo = EXCLUDED.undo, ${STAMP}
    WHERE ${UNTOLD} OR s.status = 'running' AND s.attempt = EXCLUDED.attempt AND s.fence = EXCLUDED.fence
    RETURNING 1)`;
const CLOSED = `(SELECT count(*) FROM done)::int AS held, CASE WHEN $14::boolean THEN ${TELL_CHANGED} END AS told`;

const CLOSE_STEP = new Statement<{ held: number }>(
  'journal.close_step',
  `${CLOSE} SELECT ${CLOSED}`,
);

/** The success of a run's last step, and the run's. */
const CLOSE_END = new Statement<{ held: number; ended: string | null }>(
  'journal.close_end',
  `${CLOSE}, ${ending(
    `status = 'success', result = $11, spent = $16, ended_run_id = $17`,
    SUCCESS,
    '(SELECT count(*) FROM done) = 1',
  )} SELECT ${CLOSED}, ${ENDED}`,
);

const UNDO_PAGE = 50;
/** When a step was completed; of those within a millisecond, which was written later. */
const ORDER = `to_char(completed_at AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISSMS') || to_char(seq, 'FM0000000000000000')`;

/** The step journal: what has finished, written before anything that follows it begins. */
export class Journal {
  constructor(
    private readonly dataSource: DataSource,
    private readonly notifier: Notifier,
  ) {}

  /** Raises a segment's fence. */
  async openSegment(runId: string, segment: string): Promise<OpenedSegment> {
    const [row] = await OPEN_SEGMENT.run(this.dataSource, [runId, segment]);
    return row!;
  }

  /** Finished and failed steps under some paths within an iteration, by `path#iteration`. */
  async known(runId: string, paths: string[], iteration: string): Promise<Map<string, KnownStep>> {
    const rows: (KnownStep & StepPlace)[] = await this.dataSource.query(
      `SELECT path, iteration, kind, status, attempt, result, error FROM execution_steps
       WHERE run_id = $1 AND path = ANY($2) AND status IN ${TERMINAL}
         AND ($3 = '' OR iteration = $3 OR starts_with(iteration, $3 || '.'))`,
      [runId, paths, iteration],
    );
    return new Map(rows.map((row) => [`${row.path}#${row.iteration}`, row]));
  }

  /** Commits rows of a segment. Throws StaleFence when another start of it has taken over. */
  async commit(runId: string, segment: string, fence: number, rows: JournalRow[]): Promise<Flags> {
    const parameters = [runId, segment, fence, JSON.stringify(toRecords(rows))];
    const [answer] = await COMMIT.run(this.dataSource, parameters);
    checkWritten(answer, rows, `segment ${segment} of ${runId}`);
    this.notifier.changed();
    const { cancelRequested, pauses } = answer!;
    return { cancelRequested, pauses };
  }

  /** The same for the last rows of a run that has succeeded, and its end. False = the end is still to be written. */
  async commitEnd(
    runId: string,
    segment: string,
    fence: number,
    rows: JournalRow[],
    { result, spent, engineRunId }: { result: Json; spent: Spent; engineRunId: string },
  ): Promise<boolean> {
    const records = toRecords(rows);
    const ending = [JSON.stringify(result), records.length, JSON.stringify(spent), engineRunId];
    const parameters = [runId, segment, fence, JSON.stringify(records), ...ending];
    const [answer] = await COMMIT_END.run(this.dataSource, parameters);
    if (!answer?.ended) checkWritten(answer, rows, `segment ${segment} of ${runId}`);
    return Boolean(answer?.ended);
  }

  /** Rows of steps that the workflow itself finished. */
  async notes(runId: string, notes: StepNote[]): Promise<void> {
    if (notes.length === 0) return;
    const rows = toRecords(notes.map((note) => ({ ...note, fused: false })));
    await NOTE.run(this.dataSource, [runId, JSON.stringify(rows)]);
    this.notifier.changed();
  }

  /** What is under way inside a step or a branch (its path ends with `[]`) was given up. */
  async drop(runId: string, { path, iteration }: StepPlace): Promise<void> {
    const inside = `${path.replace(/\[\]$/, '')}/`;
    await this.dataSource.query(
      `UPDATE execution_steps SET status = 'cancelled', completed_at = clock_timestamp(), ${STAMP}
       WHERE run_id = $1 AND status IN ('running', 'waiting') AND starts_with(path, $2)
         AND ($3 = '' OR iteration = $3 OR starts_with(iteration, $3 || '.'))`,
      [runId, inside, iteration],
    );
    this.notifier.changed();
  }

  /** Finished steps that have a compensation, the last completed first; `after`: those before this one. */
  toUndo(runId: string, after: string | null): Promise<Undo[]> {
    return this.dataSource.query(
      `SELECT path, iteration, result, undo AS scope, ${ORDER} AS cursor FROM execution_steps
       WHERE run_id = $1 AND undo IS NOT NULL AND status = 'success' AND ($2::text IS NULL OR ${ORDER} < $2)
       ORDER BY cursor DESC LIMIT ${UNDO_PAGE}`,
      [runId, after],
    );
  }

  /** Marks an own step as running under a new fence, unless this attempt of it has finished already. */
  async openStep(runId: string, step: OwnStepRow): Promise<OpenedStep> {
    const [row] = await OPEN_STEP.run(this.dataSource, parametersOf(runId, step));
    this.notifier.changed();
    return row!;
  }

  /** Shows that the first start of an own step's attempt is running: it takes long. */
  async showStep(runId: string, step: OwnStepRow): Promise<void> {
    await SHOW_STEP.run(this.dataSource, parametersOf(runId, step));
    this.notifier.changed();
  }

  /** Shows how far a step at work is. */
  async showProgress(
    runId: string,
    step: Omit<OwnStepRow, 'inputs'> & { fused: boolean },
    progress: ShownProgress,
  ): Promise<void> {
    const { path, iteration, name, kind, attempt, started_ms, fused } = step;
    const place = [runId, plainText(path), iteration, name, kind, attempt, started_ms, fused];
    await SHOW_PROGRESS.run(this.dataSource, [...place, JSON.stringify(progress)]);
    this.notifier.changed();
  }

  /** The end of an own step. Throws StaleFence when another start of it has taken over. */
  async closeStep(
    runId: string,
    step: EndedStep,
    end: { result: Json } | { error: StepError },
  ): Promise<void> {
    const tells = this.notifier.take();
    const [row] = await CLOSE_STEP.run(this.dataSource, endOf(runId, step, end, tells));
    if (!row?.held) throw new StaleFence(`step ${step.path} of ${runId}`);
    if (!tells) this.notifier.changed();
  }

  /** The same for the success of a run's last step, and the run's end. False = the end is still to be written. */
  async closeEnd(
    runId: string,
    step: EndedStep,
    end: { result: Json },
    { spent, engineRunId }: { spent: Spent; engineRunId: string },
  ): Promise<boolean> {
    const ending = [JSON.stringify(spent), engineRunId];
    const parameters = [...endOf(runId, step, end, false), ...ending];
    const [row] = await CLOSE_END.run(this.dataSource, parameters);
    if (!row?.held) throw new StaleFence(`step ${step.path} of ${runId}`);
    return row.ended !== null;
  }
}

/** The parameters of {@link CLOSE}, and whether it tells of the change itself. */
function endOf(
  runId: string,
  step: EndedStep,
  end: { result: Json } | { error: StepError },
  tells: boolean,
): unknown[] {
  const failed = 'error' in end;
  const [status, result, error] = failed
    ? ['error', null, JSON.stringify(end.error)]
    : ['success', JSON.stringify(end.result), null];
  const undo = failed || step.undo === undefined ? null : JSON.stringify(step.undo);
  const ending = [step.fence, status, result, error, step.completed_ms, tells, undo];
  return [...parametersOf(runId, step), ...ending];
}

function parametersOf(runId: string, step: OwnStepRow): unknown[] {
  const { path, iteration, name, kind, attempt, inputs, started_ms } = step;
  return [runId, path, iteration, name, kind, attempt, JSON.stringify(inputs), started_ms];
}

/** Throws StaleFence when the fence is lost, or a step's own row was written by somebody else. */
function checkWritten(answer: Written | undefined, rows: JournalRow[], where: string): void {
  const written = new Set(answer?.written?.map(([path, iteration]) => `${path}#${iteration}`));
  const lost = rows.some((row) => row.vital && !written.has(`${row.path}#${row.iteration}`));
  if (!answer?.held || lost) throw new StaleFence(where);
}

/** A statement may write a row once: of several, the one that would have stayed. */
function toRecords(rows: JournalRow[]) {
  const last = new Map<string, JournalRow>();
  for (const row of rows) {
    const key = `${row.path}#${row.iteration}`;
    const known = last.get(key);
    if (!known || (known.status === 'error' && known.attempt < row.attempt)) last.set(key, row);
  }
  return [...last.values()].map(toRecord);
}

function toRecord({ started_ms, completed_ms, vital: _, ...row }: JournalRow) {
  return {
    ...row,
    inputs: toText(row.inputs),
    result: toText(row.result),
    error: toText(row.error),
    undo: toText(row.undo),
    path: plainText(row.path),
    started_at: new Date(started_ms).toISOString(),
    completed_at: completed_ms === undefined ? null : new Date(completed_ms).toISOString(),
    duration_ms: completed_ms === undefined ? null : completed_ms - started_ms,
  };
}

const toText = (value: unknown): string | null =>
  value === undefined ? null : JSON.stringify(value);
