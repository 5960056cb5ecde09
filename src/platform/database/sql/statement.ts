import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import { Parameter, type Sql } from './sql.js';

/** The parameters of a statement, by the names of its values. */
type Parameters<Values> = { [Name in keyof Values]: Parameter };

/**
 * A prepared statement, for SQL that every run or step executes: each connection parses and plans it only once,
 * which halves its time. It uses TypeORM's pool directly, because TypeORM has no prepared statements.
 */
export class Statement<Row extends object = object, Values extends object = object> {
  private readonly text: string;
  private readonly order: (keyof Values)[];

  /** @param name unique among all statements; at most 63 characters */
  constructor(
    private readonly name: string,
    write: (parameters: Parameters<Values>) => Sql,
  ) {
    const parameters = new Proxy({}, { get: (_, key) => new Parameter(String(key)) });
    const { text, values } = write(parameters as Parameters<Values>).build();
    this.text = text;
    this.order = values.map((each) => (each as Parameter).name as keyof Values);
  }

  /** Executes the statement in a transaction of its own, and returns its rows. */
  async run(dataSource: DataSource, values: Values): Promise<Row[]> {
    const { master } = dataSource.driver as unknown as { master: Pool };
    const { name, text } = this;
    const ordered = this.order.map((each) => values[each]);
    return (await master.query<Row>({ name, text, values: ordered })).rows;
  }
}
