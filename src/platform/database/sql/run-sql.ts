import { sql } from './sql.js';

/** SQL that many statements on runs and steps share: a new place for a row in the live feeds. */
export const STAMP = sql`xid = (pg_current_xact_id()::text)::bigint, seq = nextval('feed_seq')`;

/** The condition of a run that has not ended; the index of places among runs has the same. */
export const OPEN_CONDITION = `status NOT IN ('success', 'error', 'cancelled')`;
export const OPEN = sql`status NOT IN ('success', 'error', 'cancelled')`;

/** In a FROM: a change that people see, and that need not survive the database, does not wait for the disk. */
export const UNSYNCED = sql`(SELECT set_config('synchronous_commit', 'off', true)) AS unsynced`;
