import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { requestMcp } from '../../../src/tools/mcp/request-mcp.js';
import { EVERYTHING, GatewayFixture, isAlive, odd, stdio, until } from './gateway-fixture.js';

describe('commands to workers', () => {
  let fixture: GatewayFixture;

  beforeAll(async () => void (fixture = await GatewayFixture.create()));
  afterEach(() => fixture.stopGateways());
  afterAll(() => fixture.end());

  const call = (tool: string, args: object, timeoutMs = 5_000) =>
    requestMcp(fixture.dataSource, {
      server: 'everything',
      command: 'call',
      parameters: { tool, arguments: { ...args } as never },
      workers: 'any',
      timeoutMs,
    });

  it('calls a tool on any live worker and answers with its result or its error', async () => {
    await fixture.gateway({ everything: stdio(EVERYTHING, 'stdio') });
    const start = Date.now();
    expect(await call('echo', { message: 'hi' })).toEqual([
      { worker_id: 'w1', ok: true, value: 'Echo: hi' },
    ]);
    expect(Date.now() - start).toBeLessThan(900);
    expect(await call('nothing', {})).toMatchObject([{ ok: false, error: { code: 'mcp_error' } }]);
  });

  it('prefers a worker that is connected', async () => {
    const first = await fixture.gateway({ everything: odd() }, {}, 'a');
    await fixture.gateway({ everything: odd() }, {}, 'b');
    process.kill(first.pid('everything')!, 'SIGKILL');
    await until(() =>
      fixture.dataSource
        .query(`SELECT 1 FROM mcp_server_states WHERE worker_id = 'a' AND state = 'disconnected'`)
        .then((rows: unknown[]) => rows.length > 0),
    );
    expect(await call('echo', {})).toMatchObject([{ worker_id: 'b', ok: true }]);
  });

  it('reconnects on every worker', async () => {
    const gateways = [
      await fixture.gateway({ everything: odd() }, {}, 'a'),
      await fixture.gateway({ everything: odd() }, {}, 'b'),
    ];
    const pids = gateways.map((each) => each.pid('everything')!);
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    await until(() => pids.every((pid) => !isAlive(pid)));
    const outcomes = await requestMcp(fixture.dataSource, {
      server: 'everything',
      command: 'reconnect',
      parameters: {},
      workers: 'all',
      timeoutMs: 5_000,
    });
    expect(outcomes.map(({ worker_id, ok }) => [worker_id, ok]).sort()).toEqual([
      ['a', true],
      ['b', true],
    ]);
    expect(gateways.every((each) => each.pid('everything') !== undefined)).toBe(true);
  });

  it('says so when no worker is there, or one does not answer', async () => {
    await expect(call('echo', {})).rejects.toMatchObject({ code: 'unavailable' });
    await fixture.dataSource.query(
      `INSERT INTO workers (id, task_queue, hostname, pid) VALUES ('ghost', 'q', 'h', 1)`,
    );
    expect(await call('echo', {}, 200)).toMatchObject([
      { worker_id: 'ghost', ok: false, error: { code: 'timeout' } },
    ]);
  });

  it('of all, does not wait for one that died', async () => {
    await fixture.gateway({ everything: odd() }, {}, 'a');
    await fixture.dataSource.query(
      `INSERT INTO workers (id, task_queue, hostname, pid, seen_at)
       VALUES ('dying', 'q', 'h', 1, now() - interval '14 s')`,
    );
    const outcomes = await requestMcp(fixture.dataSource, {
      server: 'everything',
      command: 'reconnect',
      parameters: {},
      workers: 'all',
      timeoutMs: 60_000,
    });
    expect(outcomes).toMatchObject([{ worker_id: 'a', ok: true }]);
  });

  it('does not carry out what is too old', async () => {
    await fixture.dataSource.query(
      `INSERT INTO mcp_commands (server, worker_id, command, parameters, created_at)
       VALUES ('everything', 'w1', 'call', '{"tool": "die", "timeout_ms": 1000}', now() - interval '2 s')`,
    );
    const gateway = await fixture.gateway({ everything: odd() });
    const pid = gateway.pid('everything');
    expect(await call('echo', {})).toMatchObject([{ ok: true }]);
    expect(gateway.pid('everything')).toBe(pid);
  });
});
