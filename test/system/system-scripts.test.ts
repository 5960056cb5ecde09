const NO_KERNEL = { call: async () => ({}) };
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import type { JsonObject } from '../../src/contracts/json/json.js';
import type { ScriptCall, ScriptManifest } from '../../src/contracts/script.js';
import type { McpServerConfig } from '../../src/platform/config/config.js';
import { loadScriptManifests } from '../../src/platform/library/script-manifests.js';
import type { McpGateway } from '../../src/tools/mcp/mcp-gateway.js';
import { SystemScripts } from '../../src/system/system-scripts.js';
import {
  EVERYTHING,
  GatewayFixture,
  isAlive,
  odd,
  stdio,
  until,
} from '../tools/mcp/gateway-fixture.js';

const MANIFESTS = join(import.meta.dirname, '../../directives/scripts');
const BROKEN = stdio('-e', 'console.error("it is broken"); process.exit(1)');

function callOf(name: string, inputs: JsonObject, change: Partial<ScriptCall> = {}): ScriptCall {
  return {
    name,
    inputs,
    context: {
      run_id: 'run-1',
      step_path: name,
      iteration: '',
      attempt: 1,
      idempotency_key: `run-1:${name}:`,
      project_path: '/',
      scratch_dir: '/tmp',
      artifacts_dir: '',
      deadline: new Date(Date.now() + 60_000).toISOString(),
    },
    timeoutMs: 60_000,
    permissions: null,
    principal: 'tester',
    fresh: false,
    signal: new AbortController().signal,
    onLog: () => undefined,
    onProgress: () => undefined,
    onHeartbeat: () => undefined,
    confidential: false,
    secret: () => Promise.reject(new Error('no secrets here')),
    ...change,
  };
}

describe('SystemScripts', () => {
  let fixture: GatewayFixture;
  let manifests: ReadonlyMap<string, ScriptManifest>;
  let gateway: McpGateway;
  let scripts: SystemScripts;

  beforeAll(async () => {
    fixture = await GatewayFixture.create();
    manifests = await loadScriptManifests(MANIFESTS);
  });
  afterEach(async () => {
    await fixture.stopGateways();
    await fixture.dataSource.query('TRUNCATE log_entries, alerts, mcp_work_leases');
  });
  afterAll(() => fixture.end());

  const start = async (servers: Record<string, McpServerConfig>) => {
    gateway = await fixture.gateway(servers, { pingTimeoutMs: 500 });
    const { dataSource, recorder } = fixture;
    scripts = new SystemScripts({
      gateway,
      dataSource,
      recorder,
      workerId: 'w1',
      manifests,
      kernel: NO_KERNEL,
    });
  };
  const run = (name: string, inputs: JsonObject = {}, permissions: string[] | null = null) =>
    scripts.run(name, callOf(name, inputs), permissions);
  const kill = async (server: string) => {
    const pid = gateway.pid(server)!;
    process.kill(pid, 'SIGKILL');
    await until(() => !isAlive(pid) && gateway.pid(server) === undefined);
  };
  const rows = (sql: string) => fixture.dataSource.query(sql);

  it('returns what every manifest of an available script promises', async () => {
    await start({ everything: odd() });
    await fixture.dataSource.query(
      `INSERT INTO directive_executions (id, directive_name, directive_version, plan_hash, triggered_by, actor, inputs, root_id)
       VALUES ('open', 'work', '1.0.0', 'h', 'manual', 'anna', '{}', 'open') ON CONFLICT DO NOTHING`,
    );
    const inputs = { mcp_id: 'everything', work_type: 'log_ingestion', thread_id: 'open' };
    for (const { name, available, outputs, inputs: specs } of manifests.values()) {
      // What a verb answers depends on the item.
      if (!available || name.startsWith('kernel_')) continue;
      const given = Object.entries(inputs).filter(([input]) => input in specs);
      const result = await run(name, Object.fromEntries(given));
      expect([name, Object.keys(result).sort()]).toEqual([name, outputs.toSorted()]);
    }
  });

  describe('check_mcp_status', () => {
    it('tells of a server that lives, and at once of one that was killed', async () => {
      await start({ everything: stdio(EVERYTHING, 'stdio') });
      expect(await run('check_mcp_status', { mcp_id: 'everything' })).toMatchObject({
        status: 'connected',
        reason: null,
        workers: [{ worker_id: 'w1', status: 'connected' }],
      });
      await kill('everything');
      expect(await run('check_mcp_status', { mcp_id: 'everything' })).toMatchObject({
        status: 'disconnected',
        reason: 'was killed by SIGKILL',
      });
    });

    it('takes the worst of all live workers, and none that is dead', async () => {
      await start({ everything: odd() });
      await fixture.gateway({ everything: BROKEN }, {}, 'w2');
      await until(() =>
        rows(`SELECT 1 FROM mcp_server_states WHERE worker_id = 'w2'`).then((r: []) => r.length),
      );
      expect(await run('check_mcp_status', { mcp_id: 'everything' })).toMatchObject({
        status: 'disconnected',
        workers: [{ status: 'connected' }, { status: 'disconnected' }],
      });
      await rows(`DELETE FROM workers WHERE id = 'w2'`);
      expect((await run('check_mcp_status', { mcp_id: 'everything' })).status).toBe('connected');
    });

    it('looks for itself: a server that hangs is disconnected after two pings', async () => {
      await start({ everything: odd('mute-pings') });
      expect((await run('check_mcp_status', { mcp_id: 'everything' })).status).toBe('disconnected');
    });

    it('names the server that was meant', async () => {
      await start({ everything: odd() });
      await expect(run('check_mcp_status', { mcp_id: 'everythin' })).rejects.toMatchObject({
        code: 'input_invalid',
        message: expect.stringContaining('everything'),
      });
    });
  });

  it('check_mcp_health sorts the servers', async () => {
    await start({ one: odd(), two: BROKEN });
    expect(await run('check_mcp_health')).toMatchObject({
      mcps: [{ id: 'one' }, { id: 'two' }],
      healthy_mcps: [{ id: 'one', status: 'connected' }],
      unhealthy_mcps: [
        { id: 'two', status: 'disconnected', reason: expect.stringContaining('broken') },
      ],
      count: 2,
      healthy_count: 1,
      unhealthy_count: 1,
    });
  });

  describe('reconnect_mcp', () => {
    it('brings a killed server back, on every worker', async () => {
      await start({ everything: stdio(EVERYTHING, 'stdio') });
      const other = await fixture.gateway({ everything: odd() }, {}, 'w2');
      process.kill(other.pid('everything')!, 'SIGKILL');
      await kill('everything');
      expect(await run('reconnect_mcp', { mcp_id: 'everything' })).toMatchObject({
        success: true,
        attempts: 1,
        status: 'connected',
        workers: [
          { worker_id: 'w1', status: 'connected' },
          { worker_id: 'w2', status: 'connected' },
        ],
        error: null,
      });
      expect(other.pid('everything')).toBeDefined();
    });

    it('makes real attempts with doubling waits, and answers that it failed', async () => {
      await start({ everything: BROKEN });
      const begin = Date.now();
      const tries: number[] = [];
      const call = callOf(
        'reconnect_mcp',
        { mcp_id: 'everything', max_attempts: 3, backoff_seconds: 0.2 },
        { onProgress: () => void tries.push(Date.now()) },
      );
      expect(await scripts.run('reconnect_mcp', call, null)).toMatchObject({
        success: false,
        attempts: 3,
        status: 'disconnected',
        error: expect.stringContaining('it is broken'),
      });
      expect(Date.now() - begin).toBeGreaterThanOrEqual(600);
      expect(tries).toHaveLength(3);
      expect(tries[2]! - tries[1]!).toBeGreaterThanOrEqual(400);
    });

    it('stops before its deadline, and when it is cancelled', async () => {
      await start({ everything: BROKEN });
      const inputs = { mcp_id: 'everything', max_attempts: 20, backoff_seconds: 5 };
      const short = callOf('reconnect_mcp', inputs, { timeoutMs: 6_000 });
      expect(await scripts.run('reconnect_mcp', short, null)).toMatchObject({
        success: false,
        attempts: 1,
      });
      const cancelled = callOf('reconnect_mcp', inputs, { signal: AbortSignal.timeout(100) });
      await expect(scripts.run('reconnect_mcp', cancelled, null)).rejects.toMatchObject({
        code: 'cancelled',
      });
    });
  });

  it('assign_work_to_mcp keeps one lease per server and kind, and counts renewals by other runs', async () => {
    await start({ everything: odd() });
    const inputs = { mcp_id: 'everything', work_type: 'log_ingestion' };
    expect(await run('assign_work_to_mcp', inputs)).toMatchObject({
      renewals: 1,
      held_by: 'run-1',
    });
    expect(await run('assign_work_to_mcp', inputs)).toMatchObject({ renewals: 1 });
    const call = callOf('assign_work_to_mcp', inputs);
    call.context.run_id = 'run-2';
    expect(await scripts.run('assign_work_to_mcp', call, null)).toMatchObject({
      renewals: 2,
      held_by: 'run-2',
    });
    expect(await rows('SELECT * FROM mcp_work_leases')).toHaveLength(1);
  });

  it('log_failure and log_recovery write once, alert once, and close the alert', async () => {
    await start({ everything: odd() });
    const inputs = { mcp_id: 'everything', message: 'gone', escalate: true };
    const first = await run('log_failure', inputs);
    expect(await run('log_failure', inputs)).toEqual(first);
    expect(await rows('SELECT * FROM alerts')).toMatchObject([
      {
        id: first.alert_id,
        kind: 'mcp_failure',
        subject: 'mcp:everything',
        status: 'open',
        run_id: 'run-1',
      },
    ]);
    const logs = `SELECT * FROM log_entries WHERE source LIKE 'script:%'`;
    expect(await rows(logs)).toMatchObject([{ level: 'error', message: 'gone', run_id: 'run-1' }]);
    expect(await run('log_recovery', { mcp_id: 'everything' })).toMatchObject({
      resolved_alerts: 1,
    });
    expect(await rows(`SELECT 1 FROM alerts WHERE status = 'open'`)).toEqual([]);
    const quiet = await run('log_failure', { mcp_id: 'everything' });
    expect(quiet).toMatchObject({ escalated: false, alert_id: null });
  });

  describe('rights', () => {
    const denied = (tag: string) => ({
      code: 'permission_denied',
      message: expect.stringContaining(tag),
    });

    it('gives a script only what the permissions name', async () => {
      await start({ everything: odd() });
      const mcp = { mcp_id: 'everything' };
      await expect(run('check_mcp_status', mcp, [])).rejects.toMatchObject(denied('read:mcps'));
      await expect(run('log_recovery', mcp, ['read:logs'])).rejects.toMatchObject(
        denied('write:logs'),
      );
      await expect(run('reconnect_mcp', mcp, ['execute:mcp_gateway:files'])).rejects.toMatchObject(
        denied('execute:mcp_gateway:everything'),
      );
      await expect(
        run('reconnect_mcp', mcp, ['execute:mcp_gateway', 'deny:mcp_gateway:every*']),
      ).rejects.toMatchObject(denied('execute:mcp_gateway'));
      expect(await run('reconnect_mcp', mcp, ['execute:mcp_gateway:every*'])).toMatchObject({
        success: true,
      });
    });

    it('refuses what is not there yet, and inputs that do not fit', async () => {
      await start({ everything: odd() });
      await expect(run('optimize_queries')).rejects.toMatchObject({
        code: 'script_not_available',
      });
      await expect(
        run('reconnect_mcp', { mcp_id: 'everything', max_attempts: 0 }),
      ).rejects.toMatchObject({
        code: 'input_invalid',
        message: expect.stringContaining('max_attempts'),
      });
    });
  });
});
