import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { McpServerConfig } from '../../../src/platform/config/config.js';
import { freePort } from '../../../src/platform/servers/ports.js';
import { EVERYTHING, GatewayFixture, odd, stdio, until } from './gateway-fixture.js';

const MODERN = join(import.meta.dirname, 'servers/modern-server.mjs');
const VERSION = '2026-07-28';
const FAST = { pingEveryMs: 150, pingTimeoutMs: 500 };

const http = (port: number): McpServerConfig => ({
  transport: 'http',
  url: `http://127.0.0.1:${port}/mcp`,
  headers: {},
});
const auto = (config: McpServerConfig): McpServerConfig => ({ ...config, negotiation: 'auto' });

describe('A server of revision 2026-07-28', () => {
  let fixture: GatewayFixture;
  const children: ChildProcess[] = [];
  const options = { timeoutMs: 5_000 };

  beforeAll(async () => void (fixture = await GatewayFixture.create()));
  afterEach(async () => {
    await fixture.stopGateways();
    for (const child of children.splice(0)) await end(child);
  });
  afterAll(() => fixture.end());

  async function end(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  async function modern(port: number, ...modes: string[]): Promise<ChildProcess> {
    const child = spawn(process.execPath, [MODERN, String(port), ...modes]);
    children.push(child);
    await until(async () => (await once(child.stderr, 'data')).join('').includes('listening'));
    return child;
  }

  it('is negotiated over HTTP, called with its headers, asked whether it lives, and comes back', async () => {
    const port = await freePort();
    const child = await modern(port);
    const gateway = await fixture.gateway({ remote: http(port) }, FAST);
    expect(await gateway.status('remote')).toMatchObject({
      state: 'connected',
      protocol_version: VERSION,
      warnings: [],
    });
    const call = (tool: string, args = {}) => gateway.call('remote', tool, args, options);
    expect(await call('echo', { region: 'Zürich' })).toBe('Zürich');
    expect(await call('list')).toEqual([1, 2]);
    await expect(call('ask')).rejects.toMatchObject({ code: 'mcp_error' });
    await end(child);
    await until(async () => (await gateway.status('remote')).state === 'disconnected');
    await modern(port);
    expect(await call('echo', { region: 'Bern' })).toBe('Bern');
    expect(await gateway.status('remote')).toMatchObject({ state: 'connected' });
  });

  it('tells of its progress, gets more time for it, and hears that a call is given up', async () => {
    const port = await freePort();
    await modern(port);
    const gateway = await fixture.gateway({ remote: http(port) });
    const seen: unknown[] = [];
    const onProgress = (...at: unknown[]) => seen.push(at);
    const progressing = { timeoutMs: 800, maxTimeoutMs: 8_000, onProgress };
    const steps = { count: 4, everyMs: 300 };
    expect(await gateway.call('remote', 'steps', steps, progressing)).toBe('done');
    expect(seen).toEqual([1, 2, 3, 4].map((n) => [n, 4, `step ${n}`]));
    const late = gateway.call('remote', 'steps', { count: 1, everyMs: 3_000 }, { timeoutMs: 300 });
    await expect(late).rejects.toMatchObject({ code: 'timeout' });
    await until(async () => (await gateway.call('remote', 'aborted', {}, options)) === '1');
  });

  it('is spoken to over stdio where the operator says so', async () => {
    const server = stdio(MODERN, 'stdio');
    const gateway = await fixture.gateway({ auto: auto(server), usual: server }, FAST);
    expect(await gateway.status('auto')).toMatchObject({ protocol_version: VERSION });
    expect(await gateway.call('auto', 'echo', { region: 'Bern' }, options)).toBe('Bern');
    await gateway.probe('auto', 2_000);
    expect(await gateway.status('auto')).toMatchObject({ state: 'connected' });
    const { state, reason } = await gateway.status('usual');
    expect([state, reason]).toEqual(['disconnected', expect.stringContaining(VERSION)]);
  });

  it('may turn out to be an older one: silent, unknowing, or dead of the question', async () => {
    const dying = `process.stdin.once('data', (line) => {
      if (String(line).includes('server/discover')) process.exit(1);
      process.argv[2] = '{}'; process.stdin.pause(); process.stdin.unshift(line); import(process.argv[1]);
    })`;
    const scripted = join(import.meta.dirname, 'servers/scripted-server.mjs');
    const gateway = await fixture.gateway(
      {
        everything: auto(stdio(EVERYTHING, 'stdio')),
        unknowing: auto(odd()),
        dead: auto(stdio('-e', dying, scripted)),
      },
      { connectMs: 8_000 },
    );
    for (const server of gateway.servers) {
      const { state, protocol_version } = await gateway.status(server);
      expect([server, state, protocol_version]).toEqual([server, 'connected', '2025-11-25']);
    }
  });

  it('is not taken for an older one because it refuses or is down', async () => {
    const port = await freePort();
    await modern(port, 'down');
    const gateway = await fixture.gateway({ remote: http(port) });
    const { state, reason } = await gateway.status('remote');
    expect(state).toBe('disconnected');
    expect(reason).toContain('HTTP 503: in maintenance');
  });
});
