import { notify } from '../../platform/database/sql/notify.js';
import { STAMP, UNSYNCED } from '../../platform/database/sql/run-sql.js';
import { sql, type Sql } from '../../platform/database/sql/sql.js';
import { Statement } from '../../platform/database/sql/statement.js';
import { ending, NOTIFY_ENDED, NOTIFY_FREED } from '../ending/finish.js';
import type { Flags, OpenedSegment, OpenedStep } from './journal-row.js';

const COLUMNS = sql`path, iteration, name, kind, status, attempt, fused, inputs, result, error, undo,
  started_at, completed_at, duration_ms`;
/** Values are JSON texts inside the JSON of the rows. Postgres parses the outer JSON, where it refuses NUL and lone
    surrogates; the inner texts are stored unchanged. */
const RECORD = sql`path text, iteration text, name text, kind text, status text, attempt int, fused boolean,
  inputs text, result text, error text, undo text, started_at timestamptz, completed_at timestamptz, duration_ms float8`;
const ROW = sql`r.path, r.iteration, r.name, r.kind, r.status, r.attempt, r.fused, r.inputs::json, r.result::json,
  r.error::json, r.undo::json, r.started_at, r.completed_at, r.duration_ms`;
/** The statuses of a step that has ended. */
export const TERMINAL = sql`('success', 'error', 'skipped', 'cancelled')`;

const MERGE = sql`ON CONFLICT (run_id, path, iteration) DO UPDATE SET
    status = EXCLUDED.status, attempt = EXCLUDED.attempt, fused = EXCLUDED.fused,
    inputs = coalesce(EXCLUDED.inputs, execution_steps.inputs),
    result = EXCLUDED.result, error = EXCLUDED.error, undo = EXCLUDED.undo, started_at = EXCLUDED.started_at,
    completed_at = EXCLUDED.completed_at, duration_ms = EXCLUDED.duration_ms, ${STAMP}
  WHERE execution_steps.status NOT IN ${TERMINAL} AND execution_steps.attempt <= EXCLUDED.attempt
     OR execution_steps.status = 'error' AND execution_steps.attempt < EXCLUDED.attempt`;

/** Inserts rows of a run from a parameter of JSON records. */
const insertRows = (run: unknown, rows: unknown, held = sql``): Sql =>
  sql`INSERT INTO execution_steps (run_id, ${COLUMNS})
    SELECT ${run}, ${ROW} FROM json_to_recordset(${rows}::json) AS r(${RECORD}) ${held} ${MERGE}`;

interface Commit {
  run: string;
  segment: string;
  fence: number;
  /** A JSON array of records, see `toRecords`. */
  rows: string;
}

/** Rows of a segment, written only while its fence is held. */
const writeRows = (p: Record<keyof Commit, unknown>): Sql =>
  sql`held AS (SELECT 1 FROM run_segments WHERE run_id = ${p.run} AND segment = ${p.segment} AND fence = ${p.fence}),
  done AS (${insertRows(p.run, p.rows, sql`, held`)} RETURNING path, iteration)`;

const WRITTEN = sql`(SELECT count(*) FROM held)::int AS held,
  (SELECT json_agg(json_build_array(path, iteration)) FROM done) AS written`;

/** The outcome of a commit. `held`: 1 = the fence was held, 0 = it was lost. `written`: the written places. */
export interface Written {
  held: number;
  written: [path: string, iteration: string][] | null;
}

export const COMMIT = new Statement<Written & Flags, Commit>(
  'journal.commit',
  (p) => sql`WITH ${writeRows(p)} SELECT ${WRITTEN}, cancel_requested AS "cancelRequested", pauses
    FROM directive_executions WHERE id = ${p.run}`,
);

const SUCCESS = sql`json_build_object('status', 'success', 'code', NULL::text)`;
const ENDED = sql`(SELECT id FROM ended) AS ended, (SELECT ${NOTIFY_ENDED} FROM ended) AS end_told,
    (SELECT ${NOTIFY_FREED} FROM ended) AS freed`;

interface RunSuccess {
  result: string;
  spent: string;
  engineRun: string;
}

const successOf = (run: unknown, p: Record<keyof RunSuccess, unknown>, condition: Sql): Sql =>
  ending({
    run,
    set: sql`status = 'success', result = ${p.result}, spent = ${p.spent}, ended_run_id = ${p.engineRun}`,
    data: SUCCESS,
    condition,
  });

/** Writes the last rows of a run that has succeeded, and its end. The end is not written when one of the rows was written before. */
export const COMMIT_END = new Statement<
  Written & { ended: string | null },
  Commit & RunSuccess & { count: number }
>(
  'journal.commit_end',
  (p) =>
    sql`WITH ${writeRows(p)}, ${successOf(
      p.run,
      p,
      sql`(SELECT count(*) FROM held) = 1 AND (SELECT count(*) FROM done) = ${p.count}`,
    )} SELECT ${WRITTEN}, ${ENDED}`,
);

export const NOTE = new Statement<object, { run: string; rows: string }>('journal.note', (p) =>
  insertRows(p.run, p.rows),
);

/** Starts read the request from the row, because they may come before Temporal's own cancellation. */
const cancelRequested = (run: unknown): Sql =>
  sql`(SELECT cancel_requested FROM directive_executions WHERE id = ${run}) AS "cancelRequested"`;

/** A run's fences are deleted with its end. After a reset only the run's row tells that segments were started before. */
export const OPEN_SEGMENT = new Statement<OpenedSegment, { run: string; segment: string }>(
  'journal.open_segment',
  (
    p,
  ) => sql`INSERT INTO run_segments AS s (run_id, segment, fence) SELECT ${p.run}, ${p.segment}, 1 FROM ${UNSYNCED}
  ON CONFLICT (run_id, segment) DO UPDATE SET fence = s.fence + 1
  RETURNING fence, fence > 1 OR (SELECT ended_run_id IS NOT NULL OR completed_at IS NOT NULL
    FROM directive_executions WHERE id = ${p.run}) AS again,
    ${cancelRequested(p.run)}, (SELECT pauses FROM directive_executions WHERE id = ${p.run}) AS pauses,
    EXISTS (SELECT 1 FROM artifacts WHERE run_id = ${p.run}) AS artifacts`,
);

/** The parameters of one attempt of an own step. */
export interface OwnStepValues {
  run: string;
  path: string;
  iteration: string;
  name: string;
  kind: string;
  attempt: number;
  /** JSON. */
  inputs: string;
  /** Epoch milliseconds. */
  started_ms: number;
}
type OwnStepParameters = Record<keyof OwnStepValues, unknown>;

const STEP_COLUMNS = sql`run_id, path, iteration, name, kind, attempt, inputs, started_at, fused, status, fence`;
const stepValues = (p: OwnStepParameters): Sql =>
  sql`${p.run}, ${p.path}, ${p.iteration}, ${p.name}, ${p.kind}, ${p.attempt}::int, ${p.inputs}::json,
    to_timestamp(${p.started_ms}::float8 / 1000), false`;

/** The stored attempt has failed, and the new row is of a later attempt. */
const SUPERSEDED = sql`s.status = 'error' AND s.attempt < EXCLUDED.attempt`;

/** Raises the fence of an attempt that is started again. Temporal's first start has fence 1 without a row, so the first one here is 2. */
export const OPEN_STEP = new Statement<OpenedStep, OwnStepValues>(
  'journal.open_step',
  (p) => sql`INSERT INTO execution_steps AS s (${STEP_COLUMNS})
  SELECT ${stepValues(p)}, 'running', 2 FROM ${UNSYNCED}
  ON CONFLICT (run_id, path, iteration) DO UPDATE SET
    fence = s.fence + 1, ${STAMP}, inputs = EXCLUDED.inputs, attempt = greatest(s.attempt, EXCLUDED.attempt),
    status = CASE WHEN s.status IN ('success', 'skipped') OR s.status = 'error' AND s.attempt >= EXCLUDED.attempt
      THEN s.status ELSE 'running' END
  RETURNING fence, kind, status, attempt, result, error, ${cancelRequested(p.run)}`,
);

export const SHOW_STEP = new Statement<object, OwnStepValues>(
  'journal.show_step',
  (p) => sql`INSERT INTO execution_steps AS s (${STEP_COLUMNS})
  SELECT ${stepValues(p)}, 'running', 1 FROM ${UNSYNCED}
  WHERE NOT EXISTS (SELECT 1 FROM directive_executions WHERE id = ${p.run} AND ended_hard)
  ON CONFLICT (run_id, path, iteration) DO UPDATE SET status = 'running', fence = 1, attempt = EXCLUDED.attempt,
    inputs = EXCLUDED.inputs, started_at = EXCLUDED.started_at, completed_at = NULL, ${STAMP} WHERE ${SUPERSEDED}`,
);

interface ProgressValues extends Omit<OwnStepValues, 'inputs'> {
  fused: boolean;
  /** JSON. */
  progress: string;
}

/** Writes the progress of a running attempt, in a run that has not ended. */
export const SHOW_PROGRESS = new Statement<object, ProgressValues>(
  'journal.show_progress',
  (
    p,
  ) => sql`INSERT INTO execution_steps AS s (run_id, path, iteration, name, kind, attempt, started_at, fused, status, fence, progress)
  SELECT ${p.run}, ${p.path}, ${p.iteration}, ${p.name}, ${p.kind}, ${p.attempt}::int,
    to_timestamp(${p.started_ms}::float8 / 1000), ${p.fused}, 'running', 1, ${p.progress}::json
  FROM directive_executions, ${UNSYNCED} WHERE id = ${p.run} AND completed_at IS NULL
  ON CONFLICT (run_id, path, iteration) DO UPDATE SET progress = EXCLUDED.progress, ${STAMP}
    WHERE s.status = 'running' AND s.attempt = EXCLUDED.attempt`,
);

/** The end of an attempt of an own step. */
export interface StepEndValues extends OwnStepValues {
  fence: number;
  status: string;
  /** JSON, like `error` and `undo`. */
  result: string | null;
  error: string | null;
  undo: string | null;
  /** Epoch milliseconds. */
  completed_ms: number;
  /** The statement itself sends the notification of the change. */
  notifies: boolean;
}

const closeStep = (p: Record<keyof StepEndValues, unknown>): Sql =>
  sql`done AS (INSERT INTO execution_steps AS s (${STEP_COLUMNS}, result, error, completed_at, duration_ms, undo)
    VALUES (${stepValues(p)}, ${p.status}, ${p.fence}::int, ${p.result}, ${p.error}, to_timestamp(${p.completed_ms}::float8 / 1000),
      ${p.completed_ms}::float8 - ${p.started_ms}::float8, ${p.undo})
    ON CONFLICT (run_id, path, iteration) DO UPDATE SET status = EXCLUDED.status, attempt = EXCLUDED.attempt,
      fence = EXCLUDED.fence, inputs = EXCLUDED.inputs, result = EXCLUDED.result, error = EXCLUDED.error,
      started_at = EXCLUDED.started_at, completed_at = EXCLUDED.completed_at, duration_ms = EXCLUDED.duration_ms,
      undo = EXCLUDED.undo, ${STAMP}
    WHERE ${SUPERSEDED} OR s.status = 'running' AND s.attempt = EXCLUDED.attempt AND s.fence = EXCLUDED.fence
    RETURNING 1)`;
const closed = (notifies: unknown): Sql =>
  sql`(SELECT count(*) FROM done)::int AS held, CASE WHEN ${notifies}::boolean THEN ${notify('observation')} END AS told`;

export const CLOSE_STEP = new Statement<{ held: number }, StepEndValues>(
  'journal.close_step',
  (p) => sql`WITH ${closeStep(p)} SELECT ${closed(p.notifies)}`,
);

/** Writes the success of a run's last step, and the run's end. */
export const CLOSE_END = new Statement<
  { held: number; ended: string | null },
  StepEndValues & Omit<RunSuccess, 'result'>
>(
  'journal.close_end',
  (p) => sql`WITH ${closeStep(p)}, ${successOf(p.run, p, sql`(SELECT count(*) FROM done) = 1`)}
    SELECT ${closed(p.notifies)}, ${ENDED}`,
);

const UNDO_PAGE = 50;
/** A sortable text: the time at which a step was completed, in milliseconds, then the order of writing. */
const ORDER = sql`to_char(completed_at AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISSMS') || to_char(seq, 'FM0000000000000000')`;

/** Finished steps with a compensation, the last completed first; `after`: a cursor. */
export const undoPage = (run: string, after: string | null): Sql =>
  sql`SELECT path, iteration, result, undo AS scope, ${ORDER} AS cursor FROM execution_steps
    WHERE run_id = ${run} AND undo IS NOT NULL AND status = 'success'
      AND (${after}::text IS NULL OR ${ORDER} < ${after})
    ORDER BY cursor DESC LIMIT ${UNDO_PAGE}`;

/** The ended steps at some paths, within an iteration. */
export const knownSteps = (run: string, paths: string[], iteration: string): Sql =>
  sql`SELECT path, iteration, kind, status, attempt, result, error FROM execution_steps
    WHERE run_id = ${run} AND path = ANY(${paths}) AND status IN ${TERMINAL} AND ${within(iteration)}`;

/** Cancels the running and waiting steps inside a path, within an iteration. */
export const cancelInside = (run: string, inside: string, iteration: string): Sql =>
  sql`UPDATE execution_steps SET status = 'cancelled', completed_at = clock_timestamp(), ${STAMP}
    WHERE run_id = ${run} AND status IN ('running', 'waiting') AND starts_with(path, ${inside}) AND ${within(iteration)}`;

const within = (iteration: string): Sql =>
  sql`(${iteration}::text = '' OR iteration = ${iteration} OR starts_with(iteration, ${iteration} || '.'))`;
