import type { DataSource } from 'typeorm';
import type { ReusableSteps, Seed } from '../../contracts/run/rerun.js';

/** SQL: rows `s` of run $1 that are in a list $2 of {@link ReusableSteps}, for a point in iteration $3. */
export const REUSABLE = `FROM execution_steps s
  JOIN json_to_recordset($2::json) AS r(path text, depth int, inclusive boolean, failures boolean) ON r.path = s.path
  WHERE s.run_id = $1 AND s.status IN ('success', 'skipped', 'error') AND (s.status <> 'error' OR r.failures)
    AND ((string_to_array(s.iteration, '.')::int[])[1:r.depth] < ($3::int[])[1:r.depth]
      OR r.inclusive AND (string_to_array(s.iteration, '.')::int[])[1:r.depth] = ($3::int[])[1:r.depth])`;

/** The parameters of {@link REUSABLE}. */
export const reusableOf = (
  runId: string,
  reuse: readonly ReusableSteps[],
  iteration: string,
): unknown[] => [
  runId,
  JSON.stringify(reuse),
  iteration === '' ? [] : iteration.split('.').map(Number),
];

/** The column `undo` is not copied: a step is compensated only by the run that executed it. */
const COPY = `INSERT INTO execution_steps (run_id, path, iteration, name, kind, status, attempt, fused, inputs, result, error,
    started_at, completed_at, duration_ms, reused_from)
  SELECT $4, s.path, s.iteration, s.name, s.kind, s.status, s.attempt, s.fused, s.inputs, s.result, s.error,
    s.started_at, s.completed_at, s.duration_ms, coalesce(s.reused_from, s.run_id) ${REUSABLE}
  ON CONFLICT DO NOTHING`;

/** Copies the artifacts whose last writer is one of the reused steps; a file that a later step has changed is not copied. */
const COPY_FILES = `INSERT INTO artifacts (run_id, path, hash, bytes, step_path, iteration)
  SELECT $4, a.path, a.hash, a.bytes, a.step_path, a.iteration FROM artifacts a
  WHERE a.run_id = $1 AND EXISTS (SELECT 1 ${REUSABLE} AND s.path = a.step_path AND s.iteration = a.iteration)
  ON CONFLICT DO NOTHING`;

/** Copies finished steps and their artifacts into a re-run; `reused_from` names the run that executed each. A repetition changes nothing. */
export async function reuseSteps(
  dataSource: DataSource,
  run: { id: string; rerun_of: string | null },
  { reuse, point }: Seed,
): Promise<void> {
  const parameters = [...reusableOf(run.rerun_of!, reuse, point.iteration), run.id];
  await dataSource.query(COPY, parameters);
  await dataSource.query(COPY_FILES, parameters);
}
