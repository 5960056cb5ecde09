import type { DataSource } from 'typeorm';
import { readContent } from '../../platform/database/artifact-content.js';
import type { ArtifactRow } from '../../platform/database/entities/runs/artifact.row.js';

export class ArtifactReader {
  constructor(private readonly dataSource: DataSource) {}

  /** The files of each run in the order of their paths, one list for each of `runIds`. */
  async ofRuns(runIds: readonly string[]): Promise<ArtifactRow[][]> {
    const rows = await this.dataSource.query<ArtifactRow[]>(
      'SELECT * FROM artifacts WHERE run_id = ANY($1) ORDER BY path',
      [runIds],
    );
    const byRun = Map.groupBy(rows, (row) => row.run_id);
    return runIds.map((id) => byRun.get(id) ?? []);
  }

  async find(runId: string, path: string): Promise<ArtifactRow | null> {
    const [row] = await this.dataSource.query<ArtifactRow[]>(
      'SELECT * FROM artifacts WHERE run_id = $1 AND path = $2',
      [runId, path],
    );
    return row ?? null;
  }

  content({ hash }: ArtifactRow): AsyncIterable<Buffer> {
    return readContent(this.dataSource, hash);
  }
}
