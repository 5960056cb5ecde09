import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { McpServerConfig } from '../../../src/platform/config/config.js';
import { freePort } from '../../../src/platform/servers/ports.js';
import { EVERYTHING, GatewayFixture, until } from './gateway-fixture.js';

const http = (port: number): McpServerConfig => ({
  transport: 'http',
  url: `http://127.0.0.1:${port}/mcp`,
  headers: { authorization: 'Bearer key' },
});
const FAST = { pingEveryMs: 150, pingTimeoutMs: 500 };

describe('McpGateway over Streamable HTTP', () => {
  let fixture: GatewayFixture;
  const children: ChildProcess[] = [];
  const servers: Server[] = [];

  beforeAll(async () => void (fixture = await GatewayFixture.create()));
  afterEach(async () => {
    await fixture.stopGateways();
    for (const child of children.splice(0)) await end(child);
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });
  afterAll(() => fixture.end());

  async function everything(port: number): Promise<ChildProcess> {
    const env = { PATH: process.env['PATH'], PORT: String(port) };
    const child = spawn(process.execPath, [EVERYTHING, 'streamableHttp'], { env });
    children.push(child);
    child.stdout.resume();
    await until(async () => (await once(child.stderr, 'data')).join('').includes('listening'));
    child.stderr.resume();
    return child;
  }

  async function end(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  /** A server that answers as it is told to. */
  async function odd(listener: RequestListener): Promise<number> {
    const server = createServer(listener);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  }

  it('connects, calls, sees the server die, and a call reconnects after its restart', async () => {
    const port = await freePort();
    const child = await everything(port);
    const gateway = await fixture.gateway({ remote: http(port) }, FAST);
    const echo = () => gateway.call('remote', 'echo', { message: 'hi' }, { timeoutMs: 5_000 });
    expect(await gateway.status('remote')).toMatchObject({ state: 'connected', transport: 'http' });
    expect(await echo()).toBe('Echo: hi');
    await end(child);
    await until(async () => (await gateway.status('remote')).state === 'disconnected');
    expect((await gateway.status('remote')).reason).toContain('ECONNREFUSED');
    await expect(echo()).rejects.toMatchObject({ code: 'mcp_disconnected' });
    await everything(port);
    expect(await echo()).toBe('Echo: hi');
    expect((await gateway.status('remote')).state).toBe('connected');
  });

  it('connects anew when the server has forgotten the session, and sends the call again', async () => {
    const port = await freePort();
    const gateway = await (async () => {
      const child = await everything(port);
      const started = await fixture.gateway({ remote: http(port) }, { pingEveryMs: 60_000 });
      await end(child);
      await everything(port);
      return started;
    })();
    expect((await gateway.status('remote')).state).toBe('connected');
    expect(await gateway.call('remote', 'echo', { message: 'hi' }, { timeoutMs: 5_000 })).toBe(
      'Echo: hi',
    );
  });

  it('finds out by pings that the session is gone', async () => {
    const port = await freePort();
    const child = await everything(port);
    const gateway = await fixture.gateway({ remote: http(port) }, FAST);
    await end(child);
    await everything(port);
    await until(async () => (await gateway.status('remote')).state === 'disconnected');
    expect(await gateway.reconnect('remote')).toMatchObject({ state: 'connected' });
  });

  it('gives up on a server that never answers, refuses, or sends without end', async () => {
    const silent = await odd(() => undefined);
    const refusing = await odd((_request, response) => {
      response.writeHead(401).end('no such key');
    });
    const endless = await odd((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const chunk = Buffer.alloc(1024 * 1024, 'x');
      const more = (): void =>
        void (response.write(chunk) ? setImmediate(more) : response.once('drain', more));
      response.once('close', () => response.removeAllListeners('drain'));
      more();
    });
    const gateway = await fixture.gateway(
      {
        silent: http(silent),
        refusing: http(refusing),
        endless: http(endless),
        closed: http(await freePort()),
      },
      { connectMs: 2_000 },
    );
    expect((await gateway.status('silent')).reason).toContain('2000 ms');
    expect((await gateway.status('refusing')).reason).toContain('no such key');
    expect((await gateway.status('endless')).reason).toContain('larger than 8388608 bytes');
    expect((await gateway.status('closed')).reason).toContain('ECONNREFUSED');
  });
});
