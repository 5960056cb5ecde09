import type { Execution } from '../contracts/execution.js';

const iso = (time: Date | null): string | null => time?.toISOString() ?? null;

/** The columns of `directive_executions` that an {@link Execution} has. */
export type RunRow = Omit<Execution, 'created_at' | 'started_at' | 'completed_at'> & {
  created_at: Date;
  started_at: Date | null;
  completed_at: Date | null;
};

/** Converts a row to an Execution: times become ISO 8601 texts. */
export const toExecution = (row: RunRow): Execution => ({
  id: row.id,
  directive_name: row.directive_name,
  directive_version: row.directive_version,
  plan_hash: row.plan_hash,
  status: row.status,
  triggered_by: row.triggered_by,
  actor: row.actor,
  inputs: row.inputs,
  result: row.result,
  error: row.error,
  created_at: row.created_at.toISOString(),
  started_at: iso(row.started_at),
  completed_at: iso(row.completed_at),
  duration_ms: row.duration_ms,
  parent_id: row.parent_id,
  root_id: row.root_id,
  rerun_of: row.rerun_of,
});
