import { sql, type Sql } from './sql.js';

/** One row of the audit trail, as SQL expressions. */
export interface AuditedColumns {
  actor: Sql;
  action: Sql;
  /** `execution:ID`, `secret:NAME`, … */
  target: Sql;
  /** JSON. */
  data?: Sql;
  /** With it, the row is written at most once for its action and target. */
  once?: Sql;
  /** The FROM that the expressions read; absent = one row of constants. */
  from?: Sql;
}

/** The INSERT of an audit row, alone or as a part of the WITH of what it tells about: neither exists without the other. */
export const audited = ({ actor, action, target, data, once, from }: AuditedColumns): Sql =>
  sql`INSERT INTO audit_events (actor, action, target, data, once)
    SELECT ${actor}, ${action}, ${target}, (${data ?? sql`NULL`})::json, ${once ?? sql`NULL`} ${from ? sql`FROM ${from}` : sql``}
    ON CONFLICT (action, target, once) DO NOTHING`;
