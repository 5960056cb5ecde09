import { Sql, sql } from './sql.js';

/** Assignments of an UPDATE that give the row a new position in the live feeds. Without them the feeds miss the change. */
export const STAMP = sql`xid = (pg_current_xact_id()::text)::bigint, seq = nextval('feed_seq')`;

/** The condition of a run that has not ended. The index of waiting runs has the same condition, or Postgres could not use it. */
export const OPEN_CONDITION = `status NOT IN ('success', 'error', 'cancelled')`;
export const OPEN = new Sql([OPEN_CONDITION], []);

/** A part of a FROM that commits without waiting for the disk: for changes that may be lost in a crash of the database. */
export const UNSYNCED = sql`(SELECT set_config('synchronous_commit', 'off', true)) AS unsynced`;
