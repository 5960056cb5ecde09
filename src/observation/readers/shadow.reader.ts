import type { DataSource } from 'typeorm';
import type { ShadowReport } from '../../contracts/run/shadow.js';

/** Reads the reports of shadow runs. */
export class ShadowReader {
  constructor(private readonly dataSource: DataSource) {}

  async find(runId: string): Promise<ShadowReport | null> {
    const [row] = await this.dataSource.query<ShadowReport[]>(
      'SELECT compared, total, differences FROM shadow_reports WHERE run_id = $1',
      [runId],
    );
    return row ?? null;
  }
}
