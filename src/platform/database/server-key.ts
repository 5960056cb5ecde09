import { randomBytes } from 'node:crypto';
import type { DataSource } from 'typeorm';

const CREATE = 'INSERT INTO server_keys (name, key) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING';
const READ = 'SELECT key FROM server_keys WHERE name = $1';

/** A key of 32 random bytes that all processes of this database share; the first one that needs it creates it. */
export async function serverKey(dataSource: DataSource, name: string): Promise<Uint8Array> {
  const [known] = await dataSource.query<{ key: Buffer }[]>(READ, [name]);
  if (known) return known.key;
  await dataSource.query(CREATE, [name, randomBytes(32)]);
  return serverKey(dataSource, name);
}
