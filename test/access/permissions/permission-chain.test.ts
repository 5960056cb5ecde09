import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { chainOf } from '../../../src/access/permissions/permission-chain.js';
import { runOf } from './runs.js';
import { openTestDatabase, type TestDatabase } from '../../support/stack.js';

const RIGHT = 'execute:mcp_gateway:files';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
}, 120_000);
afterAll(() => database?.close());

test('the chain is the speaker, the directives above, and the directive itself', async () => {
  const id = await runOf(
    database.source,
    ['execute:mcp_gateway:files'],
    ['execute:*'],
    ['read:filesystem'],
  );
  expect(await chainOf(database.source, id, RIGHT)).toEqual([
    { link: 'speaker', name: 'ann', run_id: null, allows: true },
    { link: 'parent', name: 'level_0', run_id: expect.any(String), allows: true },
    { link: 'directive', name: 'level_1', run_id: id, allows: false },
  ]);
  expect(await chainOf(database.source, 'nothing', RIGHT)).toEqual([]);
});
