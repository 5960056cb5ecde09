import type { DataSource } from 'typeorm';
import { bytesOf, type Vector, vectorOf } from './vector.js';

/** Keeps vectors by the hash of their text. */
export interface VectorStore {
  read(hashes: readonly string[]): Promise<Map<string, Vector>>;
  write(vectors: ReadonlyMap<string, Vector>): Promise<void>;
}

const READ = `SELECT encode(hash, 'hex') AS hash, vector FROM text_vectors
  WHERE model = $1 AND hash IN (SELECT decode(h, 'hex') FROM unnest($2::text[]) AS h)`;
/** What is used is not forgotten; a day's precision keeps reads from writing. */
const TOUCH = `UPDATE text_vectors SET used_at = now()
  WHERE model = $1 AND used_at < now() - interval '1 day'
    AND hash IN (SELECT decode(h, 'hex') FROM unnest($2::text[]) AS h)`;
const WRITE = `INSERT INTO text_vectors (model, hash, vector)
  SELECT $1, decode(h, 'hex'), v FROM unnest($2::text[], $3::bytea[]) AS given(h, v)
  ON CONFLICT DO NOTHING`;
const FORGET = `DELETE FROM text_vectors WHERE used_at < now() - $1 * interval '1 day'`;

/** Vectors in the database, where every process finds what another one computed. */
export class StoredVectors implements VectorStore {
  constructor(
    private readonly dataSource: DataSource,
    private readonly model: string,
  ) {}

  async read(hashes: readonly string[]): Promise<Map<string, Vector>> {
    const rows = await this.dataSource.query<{ hash: string; vector: Buffer }[]>(READ, [
      this.model,
      hashes,
    ]);
    if (rows.length > 0) await this.dataSource.query(TOUCH, [this.model, hashes]);
    const found = rows.map(({ hash, vector }) => [hash, vectorOf(vector)] as const);
    return new Map(found.filter((each): each is [string, Vector] => each[1] !== undefined));
  }

  async write(vectors: ReadonlyMap<string, Vector>): Promise<void> {
    const bytes = [...vectors.values()].map(bytesOf);
    await this.dataSource.query(WRITE, [this.model, [...vectors.keys()], bytes]);
  }

  /** Forgets the vectors of texts that nobody searched among for so many days. */
  async forget(days: number): Promise<void> {
    await this.dataSource.query(FORGET, [days]);
  }
}
