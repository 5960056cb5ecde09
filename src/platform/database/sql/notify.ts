import { CHANNELS } from '../../../contracts/engine.js';
import { literal, sql, type Sql } from './sql.js';

/** SQL that notifies the listeners of a channel when its transaction is committed. `about`: the payload, at most 7,999 bytes. */
export const notify = (channel: keyof typeof CHANNELS, about: Sql = literal('')): Sql =>
  sql`pg_notify(${literal(CHANNELS[channel])}, ${about})`;
