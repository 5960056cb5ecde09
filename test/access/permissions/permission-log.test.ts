import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { PermissionLog } from '../../../src/access/permissions/permission-log.js';
import type { PermissionCheck } from '../../../src/contracts/run/permission-check.js';
import { openTestDatabase, type TestDatabase } from '../../support/stack.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
}, 120_000);
afterAll(() => database?.close());
beforeEach(() => database.source.query('TRUNCATE permission_checks'));

const check = (more: Partial<PermissionCheck> = {}): PermissionCheck => ({
  actor: 'ann',
  action: 'request',
  target: 'http:list',
  permission: 'read:audit',
  allowed: false,
  reason: 'no',
  ...more,
});
const rows = () => database.source.query('SELECT * FROM permission_checks ORDER BY id');

test('what is added is written together, in its order', async () => {
  const statements: string[] = [];
  const source = {
    query: (text: string, values: unknown[]) => {
      statements.push(text);
      return database.source.query(text, values);
    },
  };
  const log = new PermissionLog(source as never);
  for (let n = 0; n < 50; n++) log.add(check({ run_id: 'r', target: `t${n}` }));
  await log.flush();
  expect(statements).toHaveLength(1);
  expect((await rows()).map(({ target }: any) => target)).toEqual(
    Array.from({ length: 50 }, (_, n) => `t${n}`),
  );
});

test('the same refusal outside of runs is written once a minute, and a flood is cut off', async () => {
  const log = new PermissionLog(database.source);
  for (let n = 0; n < 100; n++) log.add(check());
  log.add(check({ actor: 'bob' }));
  await log.flush();
  expect(await rows()).toHaveLength(2);
  for (let n = 0; n < 5_000; n++) log.add(check({ run_id: 'r' }));
  await log.flush();
  expect(await rows()).toHaveLength(1_002);
});

test('a text with a null character, and a database that is gone, do no harm', async () => {
  await new PermissionLog(database.source).write(
    check({ target: 'a\u0000b', reason: 'x'.repeat(5_000) }),
  );
  const [row] = await rows();
  expect([row.target, row.reason.length]).toEqual(['ab', 1_000]);
  const log = new PermissionLog({ query: () => Promise.reject(new Error('gone')) } as never);
  log.add(check());
  await expect(log.flush()).resolves.toBeUndefined();
});

test('what is older than the days of logs is deleted, in parts', async () => {
  await database.source.query(
    `INSERT INTO permission_checks (at, actor, action, target, allowed, reason)
     SELECT now() - interval '8 days', 'ann', 'start', 'x', true, 'y' FROM generate_series(1, 6000)`,
  );
  const log = new PermissionLog(database.source);
  await log.write(check());
  await log.forget(7);
  expect(await rows()).toMatchObject([{ target: 'http:list' }]);
});
