import { sql, type Sql } from './sql.js';

/** The SQL expressions of one row of the audit log. */
export interface AuditedColumns {
  actor: Sql;
  action: Sql;
  /** `execution:ID`, `secret:NAME`, … */
  target: Sql;
  /** JSON; absent = null. */
  data?: Sql;
  /** A key: the row is written at most once for its action, target and key; absent = always written. */
  once?: Sql;
  /** The FROM clause that the expressions read, one audit row for each of its rows; absent = one row of constants. */
  from?: Sql;
}

/** The INSERT of an audit row. As a part of the WITH that changes the target, neither is written without the other. */
export const audited = ({ actor, action, target, data, once, from }: AuditedColumns): Sql =>
  sql`INSERT INTO audit_events (actor, action, target, data, once)
    SELECT ${actor}, ${action}, ${target}, (${data ?? sql`NULL`})::json, ${once ?? sql`NULL`} ${from ? sql`FROM ${from}` : sql``}
    ON CONFLICT (action, target, once) DO NOTHING`;
