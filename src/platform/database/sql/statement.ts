import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import { Parameter, type Sql } from './sql.js';

/** The parameters of a statement, by the names of its values. */
type Parameters<Values> = { [Name in keyof Values]: Parameter };

/**
 * A statement that runs for every run or step: each connection parses and plans it only once, which
 * halves its time. It goes around TypeORM, which knows no prepared statements, on the same pool.
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

  /** Rows of its one transaction. */
  async run(dataSource: DataSource, values: Values): Promise<Row[]> {
    const { master } = dataSource.driver as unknown as { master: Pool };
    const { name, text } = this;
    const ordered = this.order.map((each) => values[each]);
    return (await master.query<Row>({ name, text, values: ordered })).rows;
  }
}
