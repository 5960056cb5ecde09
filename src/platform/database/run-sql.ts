/** SQL that many statements on runs and steps share: a new place for a row in the live feeds. */
export const STAMP = `xid = (pg_current_xact_id()::text)::bigint, seq = nextval('feed_seq')`;

/** A run that has not ended. */
export const OPEN = `status NOT IN ('success', 'error', 'cancelled')`;
