import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createKey, hashKey } from '../../src/access/api-key.js';
import { KeyStore } from '../../src/access/key-store.js';
import { openTestDatabase, type TestDatabase } from '../support/stack.js';

let database: TestDatabase;
beforeAll(async () => void (database = await openTestDatabase()), 120_000);
afterAll(() => database?.close());

async function insert(actor: string, role: string, readOnly = false): Promise<string> {
  const key = createKey();
  await database.source.query(
    'INSERT INTO api_keys (hash, name, actor, role, read_only) VALUES ($1, $2, $2, $3, $4)',
    [hashKey(key), actor, role, readOnly],
  );
  return key;
}

test('a key is known by its hash; another one is not', async () => {
  const store = new KeyStore(database.source);
  expect(await store.verify(await insert('ann', 'operator'))).toMatchObject({
    actor: 'ann',
    role: 'operator',
    rights: null,
  });
  expect(await store.verify(createKey())).toBeNull();
});

test('the key of the environment may everything, and is asked of no database', async () => {
  const store = new KeyStore(undefined as never, 'from-the-environment');
  expect(await store.verify('from-the-environment')).toMatchObject({
    keyId: 'configured',
    rights: null,
  });
});

test('who can decide are the holders of keys that may write', async () => {
  await insert('writer', 'operator');
  await insert('reader', 'operator', true);
  const actors = (await new KeyStore(database.source).holders()).map(({ actor }) => actor);
  expect(actors).toContain('writer');
  expect(actors).not.toContain('reader');
});
