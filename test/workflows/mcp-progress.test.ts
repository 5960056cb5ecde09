import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { Recorder } from '../../src/observation/record.js';
import { Redactor } from '../../src/platform/redaction/redactor.js';
import { McpGateway } from '../../src/tools/mcp/mcp-gateway.js';
import { startTestEngine, type TestEngine, workflowOf } from '../support/engine.js';
import { ScriptsProject } from '../support/scripts-project.js';
import { stdio, until } from '../tools/mcp/gateway-fixture.js';

const SERVER = join(import.meta.dirname, '../tools/mcp/servers/scripted-server.mjs');

let project: ScriptsProject;
let engine: TestEngine;
let gateway: McpGateway;
beforeAll(async () => {
  project = new ScriptsProject(['work']);
  const tools = await project.tools();
  engine = await startTestEngine((dataSource) => {
    const recorder = new Recorder(dataSource, new Redactor());
    const secrets = { resolve: () => Promise.reject(new Error('no secrets here')) };
    const logger = pino({ level: 'silent' });
    const servers = { work: stdio(SERVER) };
    const own = { servers, workerId: 'w', dataSource, recorder, secrets, logger };
    gateway = new McpGateway(own);
    return { ...tools, mcp: gateway };
  });
  await gateway.start();
}, 120_000);
afterAll(async () => {
  await gateway.stop();
  await engine.stop();
  await project.close();
});

const planOf = (count: number, everyMs: number) =>
  project.plan(`name: long
version: 1.0.0
description: d
permissions: [execute:mcp_gateway]
steps:
  - name: call
    mcp: { server: work, tool: steps, arguments: { count: ${count}, everyMs: ${everyMs} } }
    timeout_seconds: 1
    retry: { attempts: 1 }
`);

test('a call that tells of its progress has more time, and its progress is shown', async () => {
  const id = await engine.accept(await planOf(8, 300));
  const sql =
    'SELECT status, attempt, progress FROM execution_steps WHERE run_id = $1 AND path = $2';
  const row = async () => (await engine.dataSource.query(sql, [id, 'call']))[0];
  await until(async () => {
    const { status, progress } = (await row()) ?? {};
    return status === 'running' && progress?.done > 0 && progress.total === 8;
  }, 20_000);
  expect(await engine.ended(id)).toMatchObject({ status: 'success' });
  expect(await row()).toMatchObject({
    status: 'success',
    attempt: 1,
    progress: { done: 8, total: 8, message: 'step 8' },
  });
  const { events } = await (await workflowOf(engine, id)).fetchHistory();
  const [scheduled] = events!.flatMap((each) => each.activityTaskScheduledEventAttributes ?? []);
  expect(Number(scheduled!.startToCloseTimeout!.seconds)).toBe(25);
});

test('a call that is silent has not', async () => {
  const ended = await engine.ended(await engine.accept(await planOf(1, 5_000)));
  expect(ended).toMatchObject({ status: 'error', error: { code: 'timeout' } });
});
