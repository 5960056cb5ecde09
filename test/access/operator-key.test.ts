import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { hashKey } from '../../src/access/api-key.js';
import { KeyStore } from '../../src/access/key-store.js';
import { ensureOperatorKey } from '../../src/access/operator-key.js';
import { openTestDatabase, type TestDatabase } from '../support/stack.js';

let database: TestDatabase;
let dataSource: DataSource;
let home: string;

beforeAll(async () => {
  database = await openTestDatabase();
  dataSource = database.source;
});

afterAll(() => database.close());

beforeEach(async () => {
  await dataSource.query('DELETE FROM api_keys');
  home = await mkdtemp(join(tmpdir(), 'mission-key-'));
});

afterEach(() => rm(home, { recursive: true }));

const keyFile = async () => (await readFile(join(home, 'operator.key'), 'utf8')).trim();
const verify = (key: string) => new KeyStore(dataSource).verify(key);

test('the first start makes a key that only its owner can read and only a hash of which is kept', async () => {
  expect((await ensureOperatorKey(dataSource, home, false)).outcome).toBe('created');
  const key = await keyFile();
  expect(key).toMatch(/^mc_local_[A-Za-z0-9_-]{43}$/);
  expect((await stat(join(home, 'operator.key'))).mode & 0o777).toBe(0o600);
  expect(await dataSource.query('SELECT hash FROM api_keys')).toEqual([{ hash: hashKey(key) }]);
  expect(await verify(key)).toMatchObject({ actor: 'operator', role: 'operator' });
  expect((await ensureOperatorKey(dataSource, home, false)).outcome).toBe('present');
});

test('processes that start together agree on one key', async () => {
  const starts = Array.from({ length: 5 }, () => ensureOperatorKey(dataSource, home, false));
  const outcomes = (await Promise.all(starts)).map(({ outcome }) => outcome);
  expect(outcomes.toSorted()).toEqual(['created', 'present', 'present', 'present', 'present']);
  expect(await verify(await keyFile())).not.toBeNull();
});

test('a key file that is older than the database goes on working', async () => {
  await writeFile(join(home, 'operator.key'), 'mc_local_from_an_earlier_database\n');
  expect((await ensureOperatorKey(dataSource, home, false)).outcome).toBe('adopted');
  expect(await verify('mc_local_from_an_earlier_database')).not.toBeNull();
});

test('a lost file means a new key, and the old one is revoked', async () => {
  await ensureOperatorKey(dataSource, home, false);
  const old = await keyFile();
  await rm(join(home, 'operator.key'));
  expect((await ensureOperatorKey(dataSource, home, false)).outcome).toBe('replaced');
  expect(await verify(old)).toBeNull();
  expect(await verify(await keyFile())).not.toBeNull();
});

test('a revoked key in the file is not brought back', async () => {
  await ensureOperatorKey(dataSource, home, false);
  const old = await keyFile();
  await dataSource.query('UPDATE api_keys SET revoked_at = now()');
  expect((await ensureOperatorKey(dataSource, home, false)).outcome).toBe('replaced');
  expect(await keyFile()).not.toBe(old);
});

test('a process with a key in its environment leaves an operator elsewhere alone', async () => {
  await ensureOperatorKey(dataSource, home, false);
  const other = await mkdtemp(join(tmpdir(), 'mission-key-'));
  expect((await ensureOperatorKey(dataSource, other, true)).outcome).toBe('elsewhere');
  expect(await verify(await keyFile())).not.toBeNull();
  await rm(other, { recursive: true });
});

test('a home that is no directory is a clear error', async () => {
  const file = join(home, 'file');
  await writeFile(file, '');
  await expect(ensureOperatorKey(dataSource, file, false)).rejects.toMatchObject({
    code: 'config_invalid',
    message: expect.stringContaining('MISSION_HOME'),
  });
  expect(await dataSource.query('SELECT 1 FROM api_keys')).toEqual([]);
});

test('a revoked key is refused within 5 s, by a process that has just accepted it', async () => {
  await ensureOperatorKey(dataSource, home, false);
  const key = await keyFile();
  const keys = new KeyStore(dataSource);
  expect(await keys.verify(key)).not.toBeNull();
  await dataSource.query('UPDATE api_keys SET revoked_at = now()');
  const revoked = Date.now();
  while (await keys.verify(key)) await new Promise((done) => setTimeout(done, 100));
  expect(Date.now() - revoked).toBeLessThan(5_000);
});

test('the configured key is valid whatever the database says', async () => {
  const keys = new KeyStore(dataSource, 'from-the-environment');
  expect(await keys.verify('from-the-environment')).toMatchObject({ actor: 'operator' });
  expect(await keys.verify('another')).toBeNull();
});
