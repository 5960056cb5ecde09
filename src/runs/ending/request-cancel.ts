import { OPEN, STAMP } from '../../platform/database/sql/run-sql.js';
import { sql, type Sql } from '../../platform/database/sql/sql.js';
import { DEFAULT_GRACE_SECONDS } from './grace.js';

/**
 * An UPDATE that requests the cancellation of the open runs `e` that meet a condition, with the default grace. It
 * returns `id` and `cancel_due_at` of each; the caller must insert {@link cancelOutboxRows} into the outbox.
 */
export const requestCancel = (condition: Sql, reason: Sql): Sql =>
  sql`UPDATE directive_executions AS e SET cancel_requested = true, cancel_reason = ${reason},
      cancel_due_at = now() + ${DEFAULT_GRACE_SECONDS} * interval '1 second', ${STAMP}
    WHERE ${condition} AND ${OPEN} AND NOT cancel_requested RETURNING id, cancel_due_at`;

/** The outbox rows of the runs of `asked`: kind, run and time. */
export const cancelOutboxRows = (asked: Sql): Sql => sql`SELECT 'cancel', id, now() FROM ${asked}
    UNION ALL SELECT 'terminate', id, cancel_due_at FROM ${asked}`;
