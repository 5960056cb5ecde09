import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Instance, ROOT, until } from '../support/instance.js';
import { way } from '../tools/scripts/jailed.js';

const packaged = (name: string) =>
  join(ROOT, `node_modules/@modelcontextprotocol/${name}/dist/index.js`);

/** A real server over stdio, as an operator configures it. */
const server = (...args: string[]) => JSON.stringify({ command: process.execPath, args });
const files = JSON.stringify({
  command: process.execPath,
  args: [packaged('server-filesystem'), '.'],
  permissions: [],
});
const configuration = (everything: string) =>
  `mcp_servers:\n  everything: ${everything}\n  files: ${files}\n`;

const STATES = '{ mcpServers { id state reason } }';
const EXECUTION = `query ($id: ID!) { execution(id: $id) {
  status result temporalUrl steps { name status result error { code } } } }`;
const LOGS = 'query ($id: ID!) { logs(executionId: $id) { nodes { message level source } } }';

let instance: Instance;

beforeAll(async () => {
  instance = await Instance.create({
    'mission.yaml': configuration(server(packaged('server-everything'))),
  });
  await instance.up();
  await becomes('everything', 'CONNECTED');
  await becomes('files', 'CONNECTED');
  // Here people heal; test/e2e/self-healing has the platform do it.
  await instance.graphql('mutation { pauseAutomation(name: "heal_mcp_connection") { enabled } }');
}, 120_000);
afterAll(() => instance.remove());

const becomes = (id: string, state: string) =>
  until(`${id} is ${state}`, async () => {
    const { mcpServers } = await instance.graphql(STATES);
    return mcpServers.find((each: any) => each.id === id)?.state === state;
  });

/** `mission run --json`: what it says of the run. */
async function run(directive: string, ...inputs: string[]): Promise<any> {
  const options = inputs.flatMap((each) => ['--input', each]);
  const { out, err } = await instance.mission('run', directive, ...options, '--json');
  expect(err).not.toContain('rror:');
  return JSON.parse(out.trim().split('\n').at(-1)!);
}

function killServer(name: string): void {
  const [pid] = instance.find(packaged(name));
  process.kill(pid!, 'SIGKILL');
}

/** The first event that satisfies; fails with those that came instead. */
async function expectEvent(events: AsyncIterator<any>, is: (data: any) => boolean): Promise<void> {
  for (;;) {
    const { value, done } = await events.next();
    if (done) throw new Error('the subscription ended');
    if (is(value.data)) return;
  }
}

describe('a server that dies', () => {
  it('is reconnected by heal_mcp_connection, and everybody can see it', async () => {
    const runs = instance.subscribe(
      'subscription { executionUpdated { directiveName status steps { name } } }',
    );
    const lines = instance.subscribe('subscription { logAdded { message source } }');
    const seen = Promise.all([
      expectEvent(
        runs,
        ({ executionUpdated: { directiveName, status } }) =>
          directiveName === 'heal_mcp_connection' && status === 'SUCCESS',
      ),
      expectEvent(lines, ({ logAdded }) => logAdded.message === 'MCP reconnected successfully'),
    ]);
    killServer('server-everything');
    await becomes('everything', 'DISCONNECTED');
    const list = await instance.mission('mcp', 'list');
    expect(list.out).toMatch(/everything +disconnected .* stdio +\S+ +no .*was killed by SIGKILL/);
    expect(list.out).toMatch(
      way ? /files +connected .* stdio +\S+ +yes / : /files .* stdio +\S+ +no /,
    );

    const {
      execution_id: id,
      status,
      temporal_url,
    } = await run('heal_mcp_connection', 'mcp_id=everything');
    expect(status).toBe('success');
    await seen;
    expect(instance.find(packaged('server-everything'))).toHaveLength(1);
    const { execution } = await instance.graphql(EXECUTION, { id });
    expect(execution).toMatchObject({ status: 'SUCCESS', temporalUrl: temporal_url });
    const steps = new Map(execution.steps.map((step: any) => [step.name, step]));
    expect(steps.get('check_status')).toMatchObject({ result: { status: 'disconnected' } });
    expect(steps.get('attempt_reconnect')).toMatchObject({
      result: { success: true, attempts: 1 },
    });
    expect(steps.get('notify_recovery')).toMatchObject({ status: 'SUCCESS' });
    expect(steps.has('notify_failure')).toBe(false);
    const { logs } = await instance.graphql(LOGS, { id });
    expect(logs.nodes.map(({ message }: any) => message)).toContain('MCP reconnected successfully');

    const shown = await instance.mission('executions', 'show', id);
    expect(shown.out).toMatch(/notify_recovery +script +success/);
    const told = await instance.mission('logs', '--execution', id);
    expect(told.out).toContain('MCP reconnected successfully');
    const called = await instance.mission(
      'mcp',
      'call',
      'everything',
      'echo',
      '--arg',
      'message=hello',
    );
    expect(called).toMatchObject({ exit: 0, out: expect.stringContaining('hello') });
  }, 90_000);

  it('is healed at once although the worker that saw it die is dead, too', async () => {
    killServer('server-everything');
    await becomes('everything', 'DISCONNECTED');
    await instance.kill('worker');
    const { status, duration_ms } = await run('heal_mcp_connection', 'mcp_id=everything');
    expect(status).toBe('success');
    expect(duration_ms).toBeLessThan(30_000);
    expect(
      await instance.query(`SELECT kind FROM alerts WHERE kind <> 'mcp_disconnected'`),
    ).toEqual([]);
    await becomes('everything', 'CONNECTED');
  }, 90_000);
});

it('coordinate_mcps gives work to both real servers', async () => {
  const { status, result } = await run('coordinate_mcps');
  expect({ status, result }).toMatchObject({ status: 'success', result: { count: 2, errors: [] } });
  const leases = await instance.query(
    'SELECT server, work_type FROM mcp_work_leases ORDER BY server',
  );
  expect(leases).toEqual([
    { server: 'everything', work_type: 'log_ingestion' },
    { server: 'files', work_type: 'log_ingestion' },
  ]);
}, 60_000);

it('a server that is computed is called only where the permissions name it', async () => {
  const head = 'name: asks\nversion: 1.0.0\ndescription: d\ninputs: { server: { type: string } }\n';
  const steps =
    'steps: [{ name: ask, mcp: { server: "{{ inputs.server }}", tool: echo, arguments: { message: hello } } }]\n';
  const write = (permissions: string) =>
    instance.write('.ai/directives/asks.yaml', `${head}permissions: ${permissions}\n${steps}`);
  write('["execute:mcp_gateway:files"]');
  expect(await run('asks', 'server=everything')).toMatchObject({
    status: 'error',
    error: {
      code: 'permission_denied',
      step: 'ask',
      data: { permission: 'execute:mcp_gateway:everything' },
    },
  });
  write('["execute:*", "deny:mcp_gateway:?iles"]');
  expect(await run('asks', 'server=everything')).toMatchObject({ status: 'success' });
  expect(await run('asks', 'server=files')).toMatchObject({
    error: { code: 'permission_denied' },
  });
}, 60_000);

it('with a broken command three real attempts are made, and a person is told', async () => {
  await instance.stop();
  const broken = `require('fs').appendFileSync('starts', '.'); console.error('no licence'); process.exit(3)`;
  instance.write('mission.yaml', configuration(server('-e', broken)));
  await instance.up();
  await becomes('everything', 'DISCONNECTED');
  const starts = () => readFileSync(join(instance.project, 'starts'), 'utf8').length;
  expect(existsSync(join(instance.project, 'starts')) && starts()).toBe(1);

  const {
    execution_id: id,
    status,
    result,
    duration_ms,
  } = await run('heal_mcp_connection', 'mcp_id=everything');
  expect(status).toBe('success');
  expect(starts()).toBe(1 + 3);
  expect(duration_ms).toBeGreaterThan(15_000);
  expect(result).toMatchObject({ logged: true, escalated: true, mcp_id: 'everything' });
  const { execution } = await instance.graphql(EXECUTION, { id });
  const reconnect = execution.steps.find(({ name }: any) => name === 'attempt_reconnect');
  expect(reconnect.result).toMatchObject({
    success: false,
    attempts: 3,
    error: expect.stringContaining('no licence'),
  });
  const alerts = await instance.query(
    'SELECT id, subject, message, status FROM alerts WHERE run_id = $1',
    [id],
  );
  expect(alerts).toEqual([
    {
      id: result.alert_id,
      subject: 'mcp:everything',
      message: 'Failed to reconnect MCP after 3 attempts',
      status: 'open',
    },
  ]);
}, 120_000);
