import type { DataSource } from 'typeorm';

/** The content of a file of a run in pieces, the first one first; nothing where there is none. */
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
