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

/** The operator's key file, and what {@link ensureOperatorKey} found or did. */
export interface OperatorKey {
  /** Path of `operator.key`. */
  file: string;
  /**
   * `present`: the database knows the key in the file. `created`: the first key was written. `adopted`: the key in the
   * file was inserted into the database. `replaced`: a new key was written and the old ones were revoked. `elsewhere`:
   * the database has an operator's key and the file does not, but a key comes from the environment.
   */
  outcome: 'present' | 'created' | 'adopted' | 'replaced' | 'elsewhere';
}

/**
 * Makes sure that `$MISSION_HOME/operator.key` (mode 0600) holds a key that the database knows.
 * Several processes on one database may call it at once. `configured`: a key comes from the environment, so a database
 * that has an operator's key is left unchanged even if the file is missing.
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
