import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { migrate } from '../../src/platform/database/migrate.js';
import { startPostgres, type PostgresServer } from '../../src/platform/postgres/server.js';
import { insertLog, insertRun, notify, updateRun } from '../observation/rows.js';
import { TEST_DIRECTORY } from '../support/once.js';
import { TestApi } from './support.js';

const options = {
  dataDir: join(TEST_DIRECTORY, 'restarted'),
  logFile: join(TEST_DIRECTORY, 'restarted.log'),
};
let server: PostgresServer;
let api: TestApi;

beforeAll(async () => {
  server = await startPostgres(options);
  await migrate(server.url);
  api = await TestApi.open(server.url);
}, 60_000);

afterAll(async () => {
  await api.close();
  await server.stop();
});

const event = async (events: AsyncIterator<any>) => {
  const answer = await Promise.race([events.next(), delay(20_000, undefined, { ref: false })]);
  if (!answer) throw new Error('no event came');
  return answer.value.data;
};

test('a database that is killed and comes back: clear answers meanwhile, no event lost, no key forgotten', async () => {
  await insertRun(api.dataSource, 'r');
  const runs = api.subscribe('subscription { executionUpdated(id: "r") { status } }');
  const logs = api.subscribe('subscription { logAdded(executionId: "r") { message } }');
  expect((await event(runs)).executionUpdated.status).toBe('PENDING');
  await insertLog(api.dataSource, 'r', 'before');
  await notify(api.dataSource);
  expect((await event(logs)).logAdded.message).toBe('before');

  process.kill(server.pid, 'SIGKILL');
  await delay(500);
  for (const path of ['/internal/executions', '/metrics']) {
    const { status, body } = await api.request(path);
    expect([status, body.error.code]).toEqual([503, 'unavailable']);
  }
  expect((await api.request('/ready', { key: null })).body.reasons[0]).toContain('database');
  expect((await api.request('/live', { key: null })).status).toBe(200);

  server = await startPostgres({ ...options, port: server.port });
  await updateRun(api.dataSource, 'r', 'success');
  await insertLog(api.dataSource, 'r', 'after');
  await notify(api.dataSource);
  expect((await event(runs)).executionUpdated.status).toBe('SUCCESS');
  expect((await event(logs)).logAdded.message).toBe('after');
  expect((await api.request('/internal/executions')).status).toBe(200);
}, 90_000);
