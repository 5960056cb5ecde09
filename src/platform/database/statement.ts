import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';

/**
 * A statement that runs for every run or step: each connection parses and plans it only once, which
 * halves its time. It goes around TypeORM, which knows no prepared statements, on the same pool.
 */
export class Statement<Row extends object = object> {
  /** @param name unique among all statements; at most 63 characters */
  constructor(
    private readonly name: string,
    private readonly text: string,
  ) {}

  /** Rows of its one transaction. */
  async run(dataSource: DataSource, values: unknown[]): Promise<Row[]> {
    const { master } = dataSource.driver as unknown as { master: Pool };
    const { name, text } = this;
    return (await master.query<Row>({ name, text, values })).rows;
  }
}
