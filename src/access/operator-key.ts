import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataSource, EntityManager } from 'typeorm';
import { IsNull } from 'typeorm';
import { MissionError } from '../contracts/errors.js';
import { ApiKeyRow } from '../platform/database/entities/access/api-key.row.js';
import { createKey, hashKey } from './api-key.js';

const NAME = 'operator';
const MIN_LENGTH = 20;

/** What {@link ensureOperatorKey} found or did. */
export interface OperatorKey {
  /** Path of `operator.key`. */
  file: string;
  /** `adopted`: the file was there and the database new. `replaced`: the file was lost, so the old key was revoked. */
  outcome: 'present' | 'created' | 'adopted' | 'replaced' | 'elsewhere';
}

/**
 * Sees to it that `$MISSION_HOME/operator.key` (0600) holds a key that the database knows.
 * Safe with several processes on one database. `configured` (a key comes with the environment):
 * a database that has an operator is then left as it is, whether or not the file is here.
 * @throws MissionError `config_invalid` when the file cannot be read or written
 */
export function ensureOperatorKey(
  dataSource: DataSource,
  home: string,
  configured: boolean,
): Promise<OperatorKey> {
  const file = join(home, 'operator.key');
  return dataSource.transaction(async (manager) => {
    await manager.query("SELECT pg_advisory_xact_lock(hashtext('mission_operator_key'))");
    return { file, outcome: await settle(manager, file, configured) };
  });
}

async function settle(
  manager: EntityManager,
  file: string,
  configured: boolean,
): Promise<OperatorKey['outcome']> {
  const rows = await manager.findBy(ApiKeyRow, { name: NAME });
  const live = rows.filter((row) => row.revoked_at === null);
  const hash = await hashInFile(file);
  const known = rows.find((row) => row.hash === hash);
  if (known && known.revoked_at === null) return 'present';
  if (hash !== undefined && !known) return insert(manager, hash, 'adopted');
  if (configured && live.length > 0) return 'elsewhere';
  const key = createKey();
  await writeKey(file, key);
  await manager.update(
    ApiKeyRow,
    { name: NAME, revoked_at: IsNull() },
    { revoked_at: () => 'now()' },
  );
  return insert(manager, hashKey(key), rows.length > 0 ? 'replaced' : 'created');
}

async function insert<T>(manager: EntityManager, hash: string, outcome: T): Promise<T> {
  await manager.insert(ApiKeyRow, { hash, name: NAME, actor: 'operator', role: 'operator' });
  return outcome;
}

async function hashInFile(file: string): Promise<string | undefined> {
  try {
    const key = (await readFile(file, 'utf8')).trim();
    return key.length >= MIN_LENGTH ? hashKey(key) : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw fileFault(file, 'read', error);
  }
}

async function writeKey(file: string, key: string): Promise<void> {
  const temporary = `${file}.${randomUUID()}`;
  try {
    await mkdir(join(file, '..'), { recursive: true });
    await writeFile(temporary, `${key}\n`, { mode: 0o600, flag: 'wx' });
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw fileFault(file, 'written', error);
  }
}

const fileFault = (file: string, verb: string, cause: unknown): MissionError =>
  new MissionError(
    'config_invalid',
    `${file} cannot be ${verb}: ${(cause as Error).message}. Make MISSION_HOME a directory that this user can read and write.`,
    undefined,
    { cause },
  );
