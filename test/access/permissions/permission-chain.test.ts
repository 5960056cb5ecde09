import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { chainOf } from '../../../src/access/permissions/permission-chain.js';
import { Refusals } from '../../../src/access/permissions/refusals.js';
import { MissionError } from '../../../src/contracts/errors.js';
import { requireRight } from '../../../src/contracts/require-right.js';
import { insertRun } from '../../observation/rows.js';
import { openTestDatabase, type TestDatabase } from '../../support/stack.js';

const RIGHT = 'execute:mcp_gateway:files';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
}, 120_000);
afterAll(() => database?.close());

let count = 0;

/** A run of ann's, and those above it, the uppermost first, each with what its directive declares. */
async function runOf(rights: string[] | null, ...declared: (string[] | null)[]): Promise<string> {
  let parent_id: string | null = null;
  for (const [index, permissions] of declared.entries()) {
    const id = `run-${++count}`;
    const directive_name = `level_${index}`;
    await database.source.query(
      `INSERT INTO directive_plans (hash, name, directive_version, plan, source) VALUES ($1, $2, '1.0.0', $3, '')`,
      [id, directive_name, JSON.stringify({ permissions })],
    );
    await insertRun(database.source, id, {
      directive_name,
      plan_hash: id,
      actor: 'ann',
      rights: rights === null ? null : JSON.stringify(rights),
      parent_id,
    });
    parent_id = id;
  }
  return parent_id!;
}

async function refusal(runId: string): Promise<string> {
  const thrown = await Promise.resolve()
    .then(() => requireRight([], RIGHT, 'A call'))
    .catch((error: unknown) => error);
  const explained = await new Refusals(database.source).explained(runId, thrown);
  expect(explained).toMatchObject({
    code: 'permission_denied',
    data: { permission: RIGHT },
    retryable: false,
  });
  return (explained as MissionError).message;
}

test('the chain is the speaker, the directives above, and the directive itself', async () => {
  const id = await runOf(['execute:mcp_gateway:files'], ['execute:*'], ['read:filesystem']);
  expect(await chainOf(database.source, id, RIGHT)).toEqual([
    { link: 'speaker', name: 'ann', run_id: null, allows: true },
    { link: 'parent', name: 'level_0', run_id: expect.any(String), allows: true },
    { link: 'directive', name: 'level_1', run_id: id, allows: false },
  ]);
  expect(await chainOf(database.source, 'nothing', RIGHT)).toEqual([]);
});

test.each([
  [
    ['execute:directives'],
    [['execute:mcp_gateway']],
    'The run works for ann, whose role or key does not include it: add it with mission roles set, or use a key with --right execute:mcp_gateway:files.',
  ],
  [
    null,
    [['read:filesystem']],
    'The directive level_0 does not declare it: add it to its permissions.',
  ],
  [
    null,
    [[], ['execute:mcp_gateway']],
    'The directive level_0, which started this run, does not declare it: add it to its permissions.',
  ],
  [
    ['execute:mcp_gateway', 'deny:mcp_gateway:f*'],
    [null],
    '"deny:mcp_gateway:f*" forbids it, in the role or the key of ann.',
  ],
  [
    null,
    [['execute:mcp_gateway', 'deny:*']],
    '"deny:*" forbids it, in the permissions of the directive level_0.',
  ],
])('a refusal says who refuses, and what to do: %j, %j', async (rights, declared, why) => {
  const id = await runOf(rights, ...declared);
  expect(await refusal(id)).toBe(`A call needs "${RIGHT}". ${why}`);
});

test('another error, and a refusal without the database, stay as they are', async () => {
  const other = new MissionError('script_error', 'it broke');
  expect(await new Refusals(database.source).explained('x', other)).toBe(other);
  const denied = new MissionError('permission_denied', 'no', { permission: RIGHT });
  const broken = { query: () => Promise.reject(new Error('gone')) } as never;
  expect(await new Refusals(broken).explained('x', denied)).toBe(denied);
});
