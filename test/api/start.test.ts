import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, expect, test } from '@jest/globals';
import { notify } from '../observation/rows.js';
import { type TestApi, withApi } from './support.js';

let api: TestApi;
withApi((opened) => (api = opened));

const DEMO = (version: string) => `name: demo
version: ${version}
description: Says what it is told
inputs:
  text: { type: string }
permissions: []
steps:
  - name: keep
    set: { said: "{{ inputs.text }}" }
`;

const writeDemo = (text: string) => writeFile(join(api.project, '.ai/directives/demo.yaml'), text);

beforeAll(async () => {
  await mkdir(join(api.project, '.ai/directives'), { recursive: true });
  await writeDemo(DEMO('1.0.0'));
});

/** What a worker writes when a run ends. */
async function end(id: string, status: string, result: unknown = null, error: unknown = null) {
  await api.dataSource.query(
    `UPDATE directive_executions SET status = $2, result = $3, error = $4, duration_ms = 7, completed_at = now(),
       xid = (pg_current_xact_id()::text)::bigint, seq = nextval('feed_seq') WHERE id = $1`,
    [id, status, JSON.stringify(result), error && JSON.stringify(error)],
  );
  await notify(api.dataSource, id);
}

async function newestRun(): Promise<string> {
  for (;;) {
    const [row] = await api.dataSource.query(
      `SELECT id FROM directive_executions WHERE status = 'pending' ORDER BY created_at DESC LIMIT 1`,
    );
    if (row) return row.id;
    await delay(10);
  }
}

const execute = (body: unknown, query = '') => api.post(`/internal/execute${query}`, body);
const demo = { directive_name: 'demo', inputs: { text: 'hello' } };

const count = async () =>
  (await api.dataSource.query('SELECT count(*)::int AS n FROM directive_executions'))[0].n;

test('execute answers when the run has ended, and quickly', async () => {
  const answer = execute(demo);
  const id = await newestRun();
  await delay(100);
  const ended = performance.now();
  await end(id, 'success', { said: 'hello' });
  expect(await answer).toMatchObject({
    status: 200,
    body: {
      execution_id: id,
      status: 'success',
      result: { said: 'hello' },
      error: null,
      duration_ms: 7,
    },
  });
  expect(performance.now() - ended).toBeLessThan(250);
});

test('a run that failed is 200 with status error', async () => {
  const answer = execute(demo);
  await end(await newestRun(), 'error', null, { code: 'script_error', message: 'no' });
  expect(await answer).toMatchObject({
    status: 200,
    body: { status: 'error', result: null, error: { code: 'script_error' } },
  });
});

test('?wait=false is 202 with the id', async () => {
  const { status, body } = await execute(demo, '?wait=false');
  expect([status, body.status]).toEqual([202, 'pending']);
  expect(body.execution_id).toMatch(/^[0-9a-f-]{36}$/);
  await end(body.execution_id, 'success');
});

test('a client that goes away does not end its run', async () => {
  const gone = new AbortController();
  const answer = api.post('/internal/execute', demo, { signal: gone.signal }).catch(() => 'gone');
  const id = await newestRun();
  gone.abort();
  expect(await answer).toBe('gone');
  await delay(100);
  const [row] = await api.dataSource.query(
    'SELECT status, cancel_requested FROM directive_executions WHERE id = $1',
    [id],
  );
  expect(row).toEqual({ status: 'pending', cancel_requested: false });
  await end(id, 'success');
});

test('a refused start has a code and leaves no run', async () => {
  const before = await count();
  const refused: [unknown, number, string][] = [
    [{ directive_name: 'none' }, 404, 'not_found'],
    [{ directive_name: 'demo', inputs: {} }, 400, 'input_invalid'],
    [{ directive_name: 'demo', inputs: { text: 1 } }, 400, 'input_invalid'],
    [{ directive_name: 'demo', inputs: { text: 'x', other: 1 } }, 400, 'input_invalid'],
    [{ directive_name: 'demo', inputs: [] }, 400, 'input_invalid'],
    [{ directive_name: 'demo', inputs: { text: 'x'.repeat(3_000_000) } }, 413, 'too_large'],
    [{ directive_name: 'demo', inputs: { text: 'x'.repeat(1_060_000) } }, 413, 'too_large'],
    [{ directive_name: 1 }, 400, 'input_invalid'],
    [{ ...demo, colour: 'red' }, 400, 'input_invalid'],
    [[], 400, 'input_invalid'],
  ];
  for (const [body, status, code] of refused) {
    const answer = await execute(body);
    expect([answer.status, answer.body.error.code]).toEqual([status, code]);
  }
  expect(await count()).toBe(before);
});

test('an idempotency key stands for one run, over REST and GraphQL', async () => {
  const body = { ...demo, idempotency_key: 'once' };
  const first = await execute(body, '?wait=false');
  const again = await execute(body, '?wait=false');
  expect(again.body.execution_id).toBe(first.body.execution_id);
  const { data } = await api.graphql(
    'mutation { startExecution(directive: "demo", inputs: {text: "hello"}, idempotencyKey: "once") { id status actor triggeredBy } }',
  );
  expect(data.startExecution).toEqual({
    id: first.body.execution_id,
    status: 'PENDING',
    actor: 'operator',
    triggeredBy: 'manual',
  });
  const other = await execute({ ...body, inputs: { text: 'other' } });
  expect([other.status, other.body.error.code]).toEqual([409, 'conflict']);
  await end(first.body.execution_id, 'success', { said: 'hello' });
  expect((await execute(body)).body).toMatchObject({
    status: 'success',
    result: { said: 'hello' },
  });
});

test('cancel asks for the end of a run, and says why it cannot', async () => {
  const { body } = await execute(demo, '?wait=false');
  const id = body.execution_id;
  const cancel = `mutation { cancelExecution(id: "${id}", reason: "enough") { id status cancelRequested } }`;
  expect((await api.graphql(cancel)).data.cancelExecution).toEqual({
    id,
    status: 'PENDING',
    cancelRequested: true,
  });
  await end(id, 'cancelled');
  expect((await api.graphql(cancel)).errors![0].extensions.code).toBe('conflict');
});

test('a query of directives is a search, best first, and finds parts of texts as well', async () => {
  const names = async (query: string, page = '') => {
    const { data } = await api.graphql(
      `{ directives(query: "${query}"${page}) { nodes { name } pageInfo { endCursor hasNextPage } } }`,
    );
    return [data.directives.nodes.map(({ name }: any) => name), data.directives.pageInfo] as const;
  };
  expect((await names('what is told'))[0][0]).toBe('demo');
  expect((await names('demmo'))[0][0]).toBe('demo');
  expect((await names('name: keep'))[0]).toContain('demo');
  const [whole] = await names('thread');
  expect(whole.length).toBeGreaterThan(2);
  const [begin, { endCursor }] = await names('thread', ', first: 2');
  const [rest] = await names('thread', `, after: "${endCursor}"`);
  expect([...begin, ...rest]).toEqual(whole);
});

test('directives: listed, shown with their mistakes, earlier versions from the runs', async () => {
  await execute(demo, '?wait=false');
  await writeDemo(DEMO('2.0.0'));
  await execute(demo, '?wait=false');
  const { data } = await api.graphql(`{
    now: directive(name: "demo") { version valid source text inputs permissions versions { version planHash } }
    then: directive(name: "demo", version: "1.0.0") { version source text plan }
    none: directive(name: "demo", version: "9.9.9") { version }
    directives(source: "project", query: "DEMO") { nodes { name version description } }
    system: directives(first: 1, source: "system") { nodes { name } pageInfo { hasNextPage endCursor } } }`);
  expect(data.now).toMatchObject({
    version: '2.0.0',
    valid: true,
    source: 'project',
    text: DEMO('2.0.0'),
    permissions: [],
  });
  expect(data.now.inputs.text.type).toBe('string');
  expect(data.now.versions.map(({ version }: any) => version)).toEqual(['2.0.0', '1.0.0']);
  expect(data.then).toMatchObject({ version: '1.0.0', source: 'history', text: DEMO('1.0.0') });
  expect(data.then.plan.name).toBe('demo');
  expect(data.none).toBeNull();
  expect(data.directives.nodes).toEqual([
    { name: 'demo', version: '2.0.0', description: 'Says what it is told' },
  ]);
  expect(data.system.pageInfo.hasNextPage).toBe(true);
  const old =
    'mutation { startExecution(directive: "demo", version: "1.0.0", inputs: {text: "x"}) { directiveVersion } }';
  expect((await api.graphql(old)).data.startExecution.directiveVersion).toBe('1.0.0');
  await writeDemo('name: demo\nversion: 1.0.0\nsteps:\n  - scrpt: x\n');
  const broken = (
    await api.graphql(
      '{ directive(name: "demo") { valid plan diagnostics { code line message } } }',
    )
  ).data.directive;
  expect(broken).toMatchObject({ valid: false, plan: null });
  expect(broken.diagnostics[0]).toMatchObject({
    line: expect.any(Number),
    message: expect.any(String),
  });
  const refused = await execute(demo);
  expect([refused.status, refused.body.error.code]).toEqual([400, 'directive_invalid']);
  await writeDemo(DEMO('1.0.0'));
});

test('a text is validated and run without being a file', async () => {
  const source = DEMO('3.0.0').replace('demo', 'loose');
  const validate =
    'query ($source: String!) { validateDirective(source: $source) { valid planHash plan diagnostics { code severity } } }';
  const { data } = await api.graphql(validate, { source });
  expect(data.validateDirective).toMatchObject({ valid: true, plan: { name: 'loose' } });
  expect((await api.graphql(validate, { source: '' })).data.validateDirective.valid).toBe(false);
  const start =
    'mutation ($source: String) { startExecution(directive: "loose", source: $source, inputs: {text: "x"}) { directiveName planHash } }';
  expect((await api.graphql(start, { source })).data.startExecution).toEqual({
    directiveName: 'loose',
    planHash: data.validateDirective.planHash,
  });
});

test('the lists of the seeds’ REST', async () => {
  const directives = (await api.request('/internal/directives')).body.directives;
  expect(directives.find(({ name }: any) => name === 'demo')).toMatchObject({
    version: '1.0.0',
    source: 'project',
    valid: true,
  });
  const scripts = (await api.request('/internal/scripts')).body.scripts;
  expect(scripts.find(({ name }: any) => name === 'reconnect_mcp')).toMatchObject({
    source: 'system',
  });
  const page = (await api.request('/internal/executions?first=2')).body;
  expect(page.executions).toHaveLength(2);
  const rest = (await api.request(`/internal/executions?first=100&after=${page.next}`)).body;
  expect(rest.executions.map(({ id }: any) => id)).not.toContain(page.executions[0].id);
  expect((await api.request('/internal/executions?first=1000')).status).toBe(400);
});

test('a tool is called through a worker; without one the answer says so', async () => {
  const call =
    'mutation { callMcpTool(server: "everything", tool: "echo", arguments: {message: "x"}) }';
  expect((await api.graphql(call)).errors![0].extensions.code).toBe('unavailable');
  const bad = 'mutation { callMcpTool(server: "everything", tool: "echo", arguments: [1]) }';
  expect((await api.graphql(bad)).errors![0].extensions.code).toBe('input_invalid');
});
