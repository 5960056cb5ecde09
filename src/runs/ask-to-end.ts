import { DEFAULT_GRACE_SECONDS } from './grace.js';
import { OPEN, STAMP } from '../platform/database/run-sql.js';

/**
 * SQL of an UPDATE that asks the runs `e` of a condition to end, in the time that an ending may take. What is
 * asked answers with `id` and `cancel_due_at`; each needs {@link endWork} in the outbox.
 */
export const askToEnd = (condition: string, reason: string): string =>
  `UPDATE directive_executions AS e SET cancel_requested = true, cancel_reason = ${reason},
      cancel_due_at = now() + ${DEFAULT_GRACE_SECONDS} * interval '1 second', ${STAMP}
    WHERE ${condition} AND ${OPEN} AND NOT cancel_requested RETURNING id, cancel_due_at`;

/** What the outbox is to hold of the runs of `asked`: kind, run and time. */
export const endWork = (asked: string): string => `SELECT 'cancel', id, now() FROM ${asked}
    UNION ALL SELECT 'terminate', id, cancel_due_at FROM ${asked}`;
