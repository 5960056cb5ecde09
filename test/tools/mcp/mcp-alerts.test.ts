import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { McpServerStatus } from '../../../src/contracts/mcp.js';
import { Recorder } from '../../../src/observation/record.js';
import { McpAlerts } from '../../../src/tools/mcp/mcp-alerts.js';
import { openTestDatabase, type TestDatabase } from '../../support/stack.js';

let database: TestDatabase;
let alerts: McpAlerts;
beforeAll(async () => {
  database = await openTestDatabase();
  alerts = new McpAlerts(database.source, new Recorder(database.source));
}, 120_000);
afterAll(() => database?.close());

let losses = 0;
const turn = (state: string) =>
  alerts.changed({
    server: 'files',
    state,
    reason: 'was killed',
    worker_id: 'w',
    since: `time ${losses++}`,
  } as McpServerStatus);
const kinds = async () =>
  (await database.source.query('SELECT kind, status FROM alerts ORDER BY created_at')).map(
    ({ kind, status }: Record<string, string>) => `${kind} ${status}`,
  );

test('one alert a loss, resolved when the server is back; a server that flaps is left to a person', async () => {
  await turn('connected');
  expect(await kinds()).toEqual([]);
  await turn('disconnected');
  await turn('disconnected');
  expect(await kinds()).toEqual(['mcp_disconnected open']);
  for (let loss = 0; loss < 2; loss += 1) {
    await turn('connected');
    await turn('disconnected');
  }
  await turn('connected');
  await turn('disconnected');
  await turn('connected');
  await turn('disconnected');
  expect(await kinds()).toEqual([
    'mcp_disconnected resolved',
    'mcp_disconnected resolved',
    'mcp_disconnected resolved',
    'mcp_flapping open',
  ]);
});
