import type { DataSource, EntityManager } from 'typeorm';
import { ARTIFACT_LIMITS, type Artifact } from '../../contracts/artifact.js';
import { MissionError } from '../../contracts/errors.js';
import type { StepPlace } from '../../contracts/run/place.js';
import { readContent } from '../../platform/database/artifact-content.js';

/** The files that one call has written, and the paths that it has removed. */
export interface ArtifactChanges {
  written: readonly Artifact[];
  removed: readonly string[];
}

const CHUNK_BYTES = 1024 * 1024;

/** Inserts a content once: a second writer waits for the first. A present content gets a new `used_at`, so that `forget` keeps it. */
const CLAIM = `INSERT INTO artifact_contents (hash, bytes) VALUES ($1, $2)
  ON CONFLICT (hash) DO UPDATE SET used_at = now() RETURNING xmax = 0 AS fresh`;
const WRITE = `INSERT INTO artifacts (run_id, path, hash, bytes, step_path, iteration)
  SELECT $1, path, hash, bytes, $2, $3 FROM json_to_recordset($4::json) AS a(path text, hash text, bytes int)
  ON CONFLICT (run_id, path) DO UPDATE SET hash = EXCLUDED.hash, bytes = EXCLUDED.bytes,
    step_path = EXCLUDED.step_path, iteration = EXCLUDED.iteration, created_at = now()`;

/**
 * Stores the files of runs: a list of paths for each run, and contents by their SHA-256. They lie in the database because
 * workers on several machines share nothing else.
 */
export class ArtifactStore {
  constructor(private readonly dataSource: DataSource) {}

  async list(runId: string): Promise<Artifact[]> {
    return this.dataSource.query(
      'SELECT path, hash, bytes FROM artifacts WHERE run_id = $1 ORDER BY path',
      [runId],
    );
  }

  /** Stores a content unless it is present. `read` returns the content from its first byte. */
  async put(hash: string, bytes: number, read: () => AsyncIterable<Buffer>): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const [{ fresh }] = (await manager.query(CLAIM, [hash, bytes])) as [{ fresh: boolean }];
      if (fresh) await writeChunks(manager, hash, read());
    });
  }

  /** The pieces of a content, in order. */
  read(hash: string): AsyncIterable<Buffer> {
    return readContent(this.dataSource, hash);
  }

  /**
   * Stores the changes of a call, all of them or none.
   * @throws MissionError `output_invalid` when the run would exceed `ARTIFACT_LIMITS`
   */
  async change(
    runId: string,
    { path, iteration }: StepPlace,
    { written, removed }: ArtifactChanges,
  ): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      // Concurrent steps of a run are counted one after the other, or together they could exceed the limits.
      await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 5))', [runId]);
      await manager.query(WRITE, [runId, path, iteration, JSON.stringify(written)]);
      await manager.query('DELETE FROM artifacts WHERE run_id = $1 AND path = ANY($2)', [
        runId,
        removed,
      ]);
      await checkTotal(manager, runId);
    });
  }

  /** Deletes the files of runs that ended more than `days` days ago, and the contents that no run has used for an hour. */
  async forget(days: number): Promise<void> {
    await this.dataSource.query(
      `DELETE FROM artifacts a USING directive_executions e
       WHERE e.id = a.run_id AND e.completed_at < now() - make_interval(secs => $1::float8 * 86400)`,
      [days],
    );
    await this.dataSource.query(
      `WITH unused AS (DELETE FROM artifact_contents c WHERE used_at < now() - interval '1 hour'
         AND NOT EXISTS (SELECT 1 FROM artifacts a WHERE a.hash = c.hash) RETURNING hash)
       DELETE FROM artifact_chunks USING unused WHERE artifact_chunks.hash = unused.hash`,
    );
  }
}

async function writeChunks(
  manager: EntityManager,
  hash: string,
  content: AsyncIterable<Buffer>,
): Promise<void> {
  let part = 0;
  const write = (data: Buffer) =>
    manager.query('INSERT INTO artifact_chunks (hash, part, data) VALUES ($1, $2, $3)', [
      hash,
      part++,
      data,
    ]);
  let rest: Buffer = Buffer.alloc(0);
  for await (const piece of content) {
    rest = Buffer.concat([rest, piece]);
    for (; rest.length >= CHUNK_BYTES; rest = rest.subarray(CHUNK_BYTES)) {
      await write(rest.subarray(0, CHUNK_BYTES));
    }
  }
  if (rest.length > 0) await write(rest);
}

async function checkTotal(manager: EntityManager, runId: string): Promise<void> {
  const [{ files, bytes }] = (await manager.query(
    'SELECT count(*)::int AS files, coalesce(sum(bytes), 0)::float8 AS bytes FROM artifacts WHERE run_id = $1',
    [runId],
  )) as [{ files: number; bytes: number }];
  const limits = ARTIFACT_LIMITS;
  if (files <= limits.files && bytes <= limits.runBytes) return;
  const mib = (count: number) => `${Math.ceil(count / 1024 / 1024)} MiB`;
  const text = `The artifacts of the run would be ${files} files with ${mib(bytes)} in total; the limits are ${limits.files} files and ${mib(limits.runBytes)}.`;
  throw new MissionError('output_invalid', text, undefined, { retryable: false });
}
