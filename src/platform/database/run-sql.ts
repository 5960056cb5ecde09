/** SQL that many statements on runs and steps share: a new place for a row in the live feeds. */
export const STAMP = `xid = (pg_current_xact_id()::text)::bigint, seq = nextval('feed_seq')`;

/** A run that has not ended. */
export const OPEN = `status NOT IN ('success', 'error', 'cancelled')`;

/** In a FROM: what is to be seen, and need not survive the database, is not waited for on the disk. */
export const UNSYNCED = `(SELECT set_config('synchronous_commit', 'off', true)) AS unsynced`;
