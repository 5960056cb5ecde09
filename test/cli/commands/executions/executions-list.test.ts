import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { type TestApi, withApi } from '../../../api/support.js';
import { mission as call } from '../../support/cli.js';

let api: TestApi;
withApi((opened) => void (api = opened));
const list = (...argv: string[]) =>
  call(['executions', 'list', ...argv], { MISSION_URL: api.url, MISSION_API_KEY: api.key });

const insert = (directive: string, actor: string) =>
  api.dataSource.query(
    `INSERT INTO directive_executions (id, directive_name, directive_version, plan_hash, triggered_by, actor, inputs, root_id)
     VALUES ($1, $2, '1.0.0', 'h', 'manual', $3, '{}', $1)`,
    [randomUUID(), directive, actor],
  );

test('runs of the platform itself are listed where they are asked for', async () => {
  expect((await list()).err).toContain('no runs');
  await insert('report', 'anna');
  await insert('monitor_thread_health', 'system:kernel');
  const plain = (await list()).out;
  expect(plain).toContain('report@1.0.0');
  expect(plain).not.toContain('monitor');
  expect((await list('--system')).out).toContain('monitor_thread_health@1.0.0');
  expect((await list('--directive', 'monitor_thread_health')).out).toContain(
    'monitor_thread_health',
  );
  expect((await list('--actor', 'system:kernel', '--json')).out).toContain('monitor_thread_health');
});
