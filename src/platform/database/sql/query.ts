import type { DataSource, EntityManager } from 'typeorm';
import type { Sql } from './sql.js';

/** Runs composed SQL, in the given transaction or in one of its own. Returns the rows of a SELECT, or of a RETURNING in a WITH. */
export function query<Row>(db: DataSource | EntityManager, statement: Sql): Promise<Row[]> {
  const { text, values } = statement.build();
  return db.query<Row[]>(text, values);
}
