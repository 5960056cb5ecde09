import type { RunScope } from '../contracts/run/scope.js';
import type { ExecutionRow } from '../platform/database/entities/runs/execution.row.js';

type Recorded = Pick<
  ExecutionRow,
  'id' | 'directive_name' | 'triggered_by' | 'actor' | 'started_at' | 'created_at'
>;

/** The value of `run` in the expressions of a run that was recorded earlier. */
export const recordedScope = (old: Recorded): RunScope => ({
  id: old.id,
  directive: old.directive_name,
  trigger: old.triggered_by,
  actor: old.actor,
  attempt: 1,
  started_at: (old.started_at ?? old.created_at).toISOString(),
});
