import type { OutboxRow } from '../../platform/database/entities/runs/outbox.row.js';
import type { StartableRun } from './start-run.js';

/** An outbox row that a dispatcher has taken, with the run that it is about. */
export interface OutboxClaim extends StartableRun {
  outbox_id: string;
  /** The id of the run, or of the thread for the kind `thread`; such a row has no run. */
  subject: string;
  kind: OutboxRow['kind'];
  outbox_attempts: number;
  cancel_requested: boolean;
  pauses: number;
  /** The run has ended. */
  over: boolean;
  rerun_of: string | null;
}

/** One handler for each kind of outbox row. A handler deletes its row; when it throws, it is called again later. */
export type OutboxHandlers = {
  [Kind in OutboxRow['kind']]: (claim: OutboxClaim) => Promise<void>;
};
