import { CHANNELS } from '../../../contracts/engine.js';
import { literal, sql, type Sql } from './sql.js';

/** SQL that wakes the listeners of a channel when its transaction is committed. `about`: an expression, at most 7,999 bytes. */
export const notify = (channel: keyof typeof CHANNELS, about: Sql = literal('')): Sql =>
  sql`pg_notify(${literal(CHANNELS[channel])}, ${about})`;
