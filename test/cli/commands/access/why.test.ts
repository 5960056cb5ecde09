import { expect, test } from '@jest/globals';
import { PermissionLog } from '../../../../src/access/permissions/permission-log.js';
import type { PermissionCheck } from '../../../../src/contracts/run/permission-check.js';
import { type TestApi, withApi } from '../../../api/support.js';
import { insertRun } from '../../../observation/rows.js';
import { mission as call } from '../../support/cli.js';

let api: TestApi;
withApi((opened) => void (api = opened));
const mission = (...argv: string[]) =>
  call(argv, { MISSION_URL: api.url, MISSION_API_KEY: api.key });

const RUN = 'aaaa1111-0000-4000-8000-000000000001';
const CHILD = 'aaaa1111-0000-4000-8000-000000000002';
const check = (more: Partial<PermissionCheck>): PermissionCheck => ({
  ...{ run_id: RUN, actor: 'ann', action: 'step', target: 'call', allowed: false },
  permission: 'execute:mcp_gateway:files',
  reason: 'The directive deploy does not declare it: add it to its permissions.',
  ...more,
});

test('a run’s decisions are told in sentences, with what to do', async () => {
  await insertRun(api.dataSource, RUN);
  await insertRun(api.dataSource, CHILD, { parent_id: RUN });
  const [permission, target] = ['execute:directives:deploy', 'directive:deploy'];
  const reason = 'ann may do everything.';
  await new PermissionLog(api.dataSource).write(
    check({ action: 'start', allowed: true, target, permission, reason }),
    check({ step_path: 'loop/call', target: 'loop/call', iteration: '2' }),
    check({ run_id: CHILD, step_path: 'read', target: 'network:x.example', permission: null }),
    check({ action: 'approval', actor: 'bob', allowed: true, step_path: 'ask', target: 'ask' }),
    check({ action: 'tool', allowed: true, step_path: 'llm/search', target: 'search' }),
  );
  const { out } = await mission('why', RUN);
  for (const sentence of [
    'ann was allowed to start deploy (execute:directives:deploy). ann may do everything.',
    'ann was refused execute:mcp_gateway:files for loop/call [2]. The directive deploy does not declare it',
    `ann was refused what network:x.example needs at read in run ${CHILD}.`,
    'bob was allowed to decide ask (execute:mcp_gateway:files).',
    'ann was allowed to have the tool search called (execute:mcp_gateway:files) at llm/search.',
  ])
    expect(out).toContain(sentence);
  expect((await mission('why', RUN, 'call')).out.trim().split('\n')).toHaveLength(1);
  expect((await mission('why', RUN, 'other')).err).toContain('it was refused nothing');
  const [line] = (await mission('why', RUN, '--json')).out.split('\n');
  expect(JSON.parse(line!)).toMatchObject({ action: 'start', executionId: RUN });
});

test('without a run it tells what was refused before there was one', async () => {
  const key = (
    await mission('keys', 'create', 'operator', '--right', 'read:executions')
  ).out.trim();
  const refused = await call(['secrets', 'list'], { MISSION_URL: api.url, MISSION_API_KEY: key });
  expect(refused.exit).not.toBe(0);
  const said = await call(['why'], { MISSION_URL: api.url, MISSION_API_KEY: key });
  expect(said.err).toContain('lacks the right read:audit');
  let out = '';
  while (!out.includes('read:secrets')) ({ out } = await mission('why'));
  expect(out).toContain('operator was refused a request (read:secrets).');
});
