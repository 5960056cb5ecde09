import type { DataSource } from 'typeorm';

/** Yields the content of an artifact in order, in pieces of at most 1 MiB. Yields nothing when the hash is unknown. */
export async function* readContent(dataSource: DataSource, hash: string): AsyncGenerator<Buffer> {
  for (let part = 0; ; part += 1) {
    const rows: { data: Buffer }[] = await dataSource.query(
      'SELECT data FROM artifact_chunks WHERE hash = $1 AND part = $2',
      [hash, part],
    );
    if (!rows[0]) return;
    yield rows[0].data;
  }
}
