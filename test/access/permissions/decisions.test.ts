import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Decisions } from '../../../src/access/permissions/decisions.js';
import { PermissionLog } from '../../../src/access/permissions/permission-log.js';
import { MissionError } from '../../../src/contracts/errors.js';
import { requireRight } from '../../../src/contracts/require-right.js';
import { PermissionCheckReader } from '../../../src/observation/readers/permission-check.reader.js';
import { openTestDatabase, type TestDatabase } from '../../support/stack.js';
import { until } from '../../support/instance.js';
import { runOf } from './runs.js';

const RIGHT = 'execute:mcp_gateway:files';

let database: TestDatabase;
let log: PermissionLog;
let decisions: Decisions;
beforeAll(async () => {
  database = await openTestDatabase();
  log = new PermissionLog(database.source);
  decisions = new Decisions(database.source, log);
}, 120_000);
afterAll(() => database?.close());

const at = (id: string) => ({ run: { id, actor: 'ann' }, path: 'loop/call', iteration: '2' });
const checksOf = (id: string, step: string | null = null) =>
  new PermissionCheckReader(database.source).ofRun(id, step);

async function refusal(runId: string): Promise<string> {
  const thrown = await Promise.resolve()
    .then(() => requireRight([], RIGHT, 'A call'))
    .catch((error: unknown) => error);
  const explained = await decisions.explained(at(runId), thrown);
  expect(explained).toMatchObject({
    code: 'permission_denied',
    data: { permission: RIGHT },
    retryable: false,
  });
  return (explained as MissionError).message;
}

test.each<[string[] | null, (string[] | null)[], string, string | null]>([
  [
    ['execute:directives'],
    [['execute:mcp_gateway']],
    'The run works for ann, whose role or key does not include it: add it with mission roles set, or use a key with --right execute:mcp_gateway:files.',
    'speaker',
  ],
  [
    null,
    [['read:filesystem']],
    'The directive level_0 does not declare it: add it to its permissions.',
    'directive',
  ],
  [
    null,
    [[], ['execute:mcp_gateway']],
    'The directive level_0, which started this run, does not declare it: add it to its permissions.',
    'parent',
  ],
  [
    ['execute:mcp_gateway', 'deny:mcp_gateway:f*'],
    [null],
    '"deny:mcp_gateway:f*" forbids it, in the role or the key of ann.',
    'speaker',
  ],
  [
    null,
    [['execute:mcp_gateway', 'deny:*']],
    '"deny:*" forbids it, in the permissions of the directive level_0.',
    'directive',
  ],
])('a refusal says who refuses and what to do, and is recorded: %j, %j', async (...of) => {
  const [rights, declared, why, refused_by] = of;
  const id = await runOf(database.source, rights, ...declared);
  const text = `A call needs "${RIGHT}". ${why}`;
  expect(await refusal(id)).toBe(text);
  expect(await checksOf(id)).toMatchObject([
    {
      ...{ run_id: id, step_path: 'loop/call', iteration: '2', actor: 'ann', action: 'step' },
      ...{ target: 'loop/call', permission: RIGHT, allowed: false, refused_by, reason: text },
    },
  ]);
  const [check] = await checksOf(id, 'call');
  expect(check!.chain).toHaveLength(declared.length + 1);
  expect(await checksOf(id, 'other')).toEqual([]);
});

test('a refusal whose right is not known is recorded with its text', async () => {
  const id = await runOf(database.source, null, []);
  const denied = new MissionError('permission_denied', 'ann lacks the right write:approvals.');
  expect(await decisions.explained(at(id), denied)).toBe(denied);
  expect(await checksOf(id)).toMatchObject([
    { permission: null, refused_by: null, reason: denied.message },
  ]);
});

test('another error, and a refusal without the database, stay as they are', async () => {
  const id = await runOf(database.source, null, []);
  const other = new MissionError('script_error', 'it broke');
  expect(await decisions.explained(at(id), other)).toBe(other);
  expect(await checksOf(id)).toEqual([]);
  const denied = new MissionError('permission_denied', 'no', { permission: RIGHT });
  const broken = { query: () => Promise.reject(new Error('gone')) } as never;
  const alone = new Decisions(broken, new PermissionLog(broken));
  expect(await alone.explained(at('x'), denied)).toBe(denied);
});

test('what a conversation was allowed is recorded soon, and nobody waits for it', async () => {
  const id = await runOf(database.source, ['execute:mcp_gateway'], ['execute:*']);
  expect(decisions.granted(at(id), { permission: RIGHT, target: 'files/read' })).toBeUndefined();
  const [check] = await until('it is recorded', async () => {
    const found = await checksOf(id);
    return found.length > 0 ? found : undefined;
  });
  expect(check).toMatchObject({
    ...{ action: 'tool', target: 'files/read', permission: RIGHT, allowed: true },
    reason: 'It is allowed by ann, the directive level_0.',
  });
});

test('a run tells of the runs below it', async () => {
  const id = await runOf(database.source, null, ['execute:*'], []);
  await refusal(id);
  const [{ parent_id }] = await database.source.query(
    'SELECT parent_id FROM directive_executions WHERE id = $1',
    [id],
  );
  expect(await checksOf(parent_id)).toMatchObject([{ run_id: id, refused_by: 'directive' }]);
});
