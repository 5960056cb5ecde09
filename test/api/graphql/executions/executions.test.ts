import { createHash } from 'node:crypto';
import { beforeEach, expect, test } from '@jest/globals';
import { insertLog, insertRun, insertStep } from '../../../observation/rows.js';
import { type TestApi, withApi } from '../../support.js';

let api: TestApi;
withApi((opened) => (api = opened));

beforeEach(() =>
  api.dataSource.query('TRUNCATE directive_executions, execution_steps, log_entries, blobs'),
);

const LIST = `query ($filter: ExecutionFilter, $first: Int, $after: String) {
  executions(filter: $filter, first: $first, after: $after) {
    edges { cursor node { id status } } pageInfo { hasNextPage endCursor } } }`;

test('a page goes on where the last one ended, whatever was started meanwhile', async () => {
  const same = '2026-01-01T00:00:00.123456Z';
  for (let index = 0; index < 25; index += 1) {
    await insertRun(api.dataSource, `run_${String(index).padStart(2, '0')}`, { created_at: same });
  }
  const seen: string[] = [];
  for (let after: string | null = null; ;) {
    const { data } = await api.graphql(LIST, { first: 10, after });
    seen.push(...data.executions.edges.map(({ node }: any) => node.id));
    await insertRun(api.dataSource, `newer_${seen.length}`);
    if (!data.executions.pageInfo.hasNextPage) break;
    after = data.executions.pageInfo.endCursor;
  }
  expect(seen).toEqual(
    Array.from({ length: 25 }, (_, i) => `run_${String(24 - i).padStart(2, '0')}`),
  );
});

test('filters hold together', async () => {
  await insertRun(api.dataSource, 'a', { status: 'success', directive_name: 'one' });
  await insertRun(api.dataSource, 'b', { status: 'error', directive_name: 'one' });
  await insertRun(api.dataSource, 'c', {
    status: 'error',
    directive_name: 'two',
    triggered_by: 'schedule',
  });
  const ids = async (filter: unknown) =>
    (await api.graphql(LIST, { filter })).data.executions.edges.map(({ node }: any) => node.id);
  expect(await ids({ status: ['ERROR', 'SUCCESS'], directiveName: 'one' })).toEqual(['b', 'a']);
  expect(await ids({ triggeredBy: 'SCHEDULE' })).toEqual(['c']);
  expect(await ids({ createdAfter: '2999-01-01T00:00:00Z' })).toEqual([]);
});

test('pages are of 1 to 100, and a forged cursor is the client’s fault', async () => {
  for (const variables of [{ first: 101 }, { first: 0 }, { after: 'x' }, { after: forged }]) {
    const { errors } = await api.graphql(LIST, variables);
    expect(errors![0]).toMatchObject({ extensions: { code: 'input_invalid' } });
  }
});
const forged = Buffer.from('["rubbish","x"]').toString('base64url');

test('text that Postgres cannot hold is the client’s fault', async () => {
  const { errors } = await api.graphql('query ($id: ID!) { execution(id: $id) { id } }', {
    id: 'a\u0000b',
  });
  expect(errors![0].extensions.code).toBe('input_invalid');
});

test('a run with its steps in the order of their start', async () => {
  await insertRun(api.dataSource, 'r', {
    status: 'error',
    inputs: '{"b": 1, "a": [2]}',
    error: '{"code":"script_error","message":"no","step":"two"}',
    workflow_run_id: 'w-1',
    completed_at: new Date(),
    duration_ms: 12.5,
  });
  const at = (second: number) => ({ started_at: new Date(Date.UTC(2026, 0, 1, 0, 0, second)) });
  await insertStep(api.dataSource, 'r', 'two', { ...at(2), status: 'error' });
  await insertStep(api.dataSource, 'r', 'one', {
    ...at(1),
    fused: true,
    iteration: '0.3',
    result: '[1]',
  });
  await insertStep(api.dataSource, 'r', 'three', { status: 'pending' });
  const { data, errors } = await api.graphql(`{ execution(id: "r") {
    id directiveName status triggeredBy actor inputs result error { code message step data }
    createdAt startedAt completedAt durationMs parentId rootId rerunOf temporalUrl
    steps { path name kind iteration status attempt fused result durationMs } } }`);
  expect(errors).toBeUndefined();
  expect(data.execution).toMatchObject({
    status: 'ERROR',
    inputs: { b: 1, a: [2] },
    result: null,
    error: { code: 'script_error', message: 'no', step: 'two', data: null },
    startedAt: null,
    durationMs: 12.5,
    temporalUrl: 'http://127.0.0.1:8233/namespaces/default/workflows/r/w-1',
  });
  expect(Object.keys(data.execution.inputs)).toEqual(['b', 'a']);
  expect(data.execution.steps.map(({ name }: any) => name)).toEqual(['one', 'two', 'three']);
  expect(data.execution.steps[0]).toMatchObject({
    iteration: '0.3',
    fused: true,
    result: [1],
    status: 'SUCCESS',
  });
  expect(data.execution.steps[1].iteration).toBeNull();
});

test('the link of a run is that of its workflow, which is called after its directive', async () => {
  await insertRun(api.dataSource, 'named', { workflow_id: 'demo-named', workflow_run_id: 'w' });
  const { data } = await api.graphql('{ execution(id: "named") { temporalUrl } }');
  expect(data.execution.temporalUrl).toMatch(/\/workflows\/demo-named\/w$/);
});

test('Temporal forgets a run after 72 h, and so does its link; an unknown run is null', async () => {
  const old = new Date(Date.now() - 73 * 3_600_000);
  await insertRun(api.dataSource, 'old', { workflow_run_id: 'w', completed_at: old });
  await insertRun(api.dataSource, 'unstarted');
  for (const id of ['old', 'unstarted']) {
    const { data } = await api.graphql(`{ execution(id: "${id}") { temporalUrl } }`);
    expect(data.execution.temporalUrl).toBeNull();
  }
  expect(await api.graphql('{ execution(id: "none") { id } }')).toEqual({
    data: { execution: null },
  });
});

test('the steps of a whole page are read in one query', async () => {
  for (let run = 0; run < 20; run += 1) {
    await insertRun(api.dataSource, `r${run}`);
    for (const name of ['a', 'b', 'c']) await insertStep(api.dataSource, `r${run}`, name);
  }
  const { data } = await api.graphql(
    '{ executions { nodes { id steps(first: 2) { executionId name } } } }',
  );
  for (const { id, steps } of data.executions.nodes) {
    expect(steps).toEqual([
      { executionId: id, name: 'a' },
      { executionId: id, name: 'b' },
    ]);
  }
});

test('values by reference are resolved, nested ones too, up to a bound', async () => {
  const keep = async (value: unknown, bytes?: number) => {
    const text = JSON.stringify(value);
    const hash = createHash('sha256').update(text).digest('hex');
    await api.dataSource.query('INSERT INTO blobs (hash, bytes, value) VALUES ($1, $2, $3)', [
      hash,
      text.length,
      text,
    ]);
    return { $blob: hash, bytes: bytes ?? text.length };
  };
  const inner = await keep('inner');
  const outer = await keep({ items: [inner, inner] });
  const huge = await keep('huge', 20_000_000);
  await insertRun(api.dataSource, 'big', {
    inputs: JSON.stringify({ plain: 1 }),
    result: JSON.stringify({ outer, huge, missing: { $blob: 'a'.repeat(64), bytes: 1 } }),
  });
  const { data } = await api.graphql('{ execution(id: "big") { inputs result } }');
  expect(data.execution).toEqual({
    inputs: { plain: 1 },
    result: {
      outer: { items: ['inner', 'inner'] },
      huge,
      missing: { $blob: 'a'.repeat(64), bytes: 1 },
    },
  });
});

test('log lines of a level and graver, newest first', async () => {
  for (const [index, level] of ['debug', 'info', 'warn', 'error'].entries()) {
    await insertLog(api.dataSource, 'r', level, { level, at: new Date(index * 1_000) });
  }
  await insertLog(api.dataSource, null, 'elsewhere');
  const { data } = await api.graphql(
    '{ logs(executionId: "r", level: WARN) { nodes { level message source executionId } } }',
  );
  expect(data.logs.nodes).toEqual([
    { level: 'ERROR', message: 'error', source: 'test', executionId: 'r' },
    { level: 'WARN', message: 'warn', source: 'test', executionId: 'r' },
  ]);
});

test('alerts, the audit trail and MCP servers can be read', async () => {
  await api.dataSource.query(
    `INSERT INTO alerts (kind, severity, message, subject) VALUES ('mcp_down', 'critical', 'gone', 'mcp:everything')`,
  );
  await api.dataSource.query(
    `INSERT INTO audit_events (actor, action, target) SELECT 'operator', 'execution.start', 'execution:' || n FROM generate_series(1, 3) n`,
  );
  await api.dataSource.query(
    `INSERT INTO workers (id, task_queue, hostname, pid, seen_at) VALUES ('w1', 'q', 'h', 1, now()), ('w2', 'q', 'h', 2, now()), ('dead', 'q', 'h', 3, now() - interval '1 hour')`,
  );
  await api.dataSource.query(
    `INSERT INTO mcp_server_states (server, worker_id, state, reason, since, checked_at, transport, jailed, tools, protocol_version, warnings)
     VALUES ('files', 'w1', 'connected', null, now(), now(), 'stdio', true, '[{"name":"read","inputSchema":{"type":"object"}}]', '2025-11-25', '["tool x: odd"]'),
            ('files', 'w2', 'degraded', 'slow', now(), now(), 'stdio', false, '[]', null, '["tool x: odd", "tool y: odd"]'),
            ('files', 'dead', 'disconnected', 'old', now(), now(), 'stdio', true, '[]', null, '[]')`,
  );
  const { data, errors } = await api.graphql(`{
    alerts(status: OPEN) { nodes { kind severity message subject status executionId } }
    auditEvents(first: 2, action: "execution.start") { nodes { actor target } pageInfo { hasNextPage } }
    mcpServers { id state reason transport jailed protocolVersion warnings tools { name inputSchema } workers { workerId state } } }`);
  expect(errors).toBeUndefined();
  expect(data.alerts.nodes[0]).toMatchObject({
    severity: 'CRITICAL',
    status: 'OPEN',
    executionId: null,
  });
  expect(data.auditEvents.nodes.map(({ target }: any) => target)).toEqual([
    'execution:3',
    'execution:2',
  ]);
  expect(data.auditEvents.pageInfo.hasNextPage).toBe(true);
  expect(data.mcpServers).toEqual([
    {
      id: 'everything',
      state: 'DISCONNECTED',
      reason: 'no live worker reports its state',
      transport: null,
      jailed: null,
      protocolVersion: null,
      warnings: [],
      tools: [],
      workers: [],
    },
    {
      id: 'files',
      state: 'DEGRADED',
      reason: 'slow',
      transport: 'stdio',
      jailed: false,
      protocolVersion: '2025-11-25',
      warnings: ['tool x: odd', 'tool y: odd'],
      tools: [{ name: 'read', inputSchema: { type: 'object' } }],
      workers: [
        { workerId: 'w1', state: 'CONNECTED' },
        { workerId: 'w2', state: 'DEGRADED' },
      ],
    },
  ]);
});
