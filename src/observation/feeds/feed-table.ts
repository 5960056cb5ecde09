import type { ExecutionRow } from '../../platform/database/entities/runs/execution.row.js';
import type { LogRow } from '../../platform/database/entities/observation/log.row.js';
import type { StepRow } from '../../platform/database/entities/runs/step.row.js';

/** A table whose rows carry a feed position `(xid, seq)`. */
export interface FeedTable<Row extends FeedPosition> {
  table: string;
  /** The name of the column with the run's id. */
  run: string;
  /** The identity of a row, which stays the same when the row is updated. */
  key(row: Row): string;
}

/** The transaction and the serial of a row's last change. The driver returns `bigint` columns as text. */
export interface FeedPosition {
  xid: string;
  seq: string;
}

export const EXECUTION_FEED: FeedTable<ExecutionRow> = {
  table: 'directive_executions',
  run: 'id',
  key: (row) => row.id,
};

export const STEP_FEED: FeedTable<StepRow> = {
  table: 'execution_steps',
  run: 'run_id',
  key: (row) => `${row.run_id} ${row.path} ${row.iteration}`,
};

export const LOG_FEED: FeedTable<LogRow> = {
  table: 'log_entries',
  run: 'run_id',
  key: (row) => row.id,
};
