import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { freePort } from '../../src/platform/servers/ports.js';
import { createTestDatabase } from '../support/stack.js';
import { startApi, untilLive } from './api-process.js';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let home: string;
const running: ChildProcess[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  home = await mkdtemp(join(tmpdir(), 'mission-main-'));
});

afterEach(() => running.splice(0).forEach((child) => child.kill('SIGKILL')));

afterAll(async () => {
  await rm(home, { recursive: true });
  await database.drop();
});

/** The process as the supervisor starts it. */
async function start(variables: Record<string, string>) {
  const api = await startApi({ MISSION_HOME: home, MISSION_PROJECT: home, ...variables });
  running.push(api.child);
  return api;
}

async function startOn(port: number, variables: Record<string, string> = {}) {
  const api = await start({ DATABASE_URL: database.url, PORT: String(port), ...variables });
  const url = `http://127.0.0.1:${port}`;
  await untilLive(url);
  return { ...api, url };
}

test('it starts, makes the key, opens for it, and ends on SIGTERM with open sockets and waiters', async () => {
  const { child, exit, url, output } = await startOn(await freePort());
  const key = (await readFile(join(home, 'operator.key'), 'utf8')).trim();
  const headers = { authorization: `Bearer ${key}` };
  expect((await fetch(`${url}/internal/directives`, { headers })).status).toBe(200);
  expect((await fetch(`${url}/internal/directives`)).status).toBe(401);
  const waiting = fetch(`${url}/internal/execute`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ directive_name: 'heal_mcp_connection', inputs: { mcp_id: 'x' } }),
  });
  await delay(1_000);
  child.kill('SIGTERM');
  const answer = await waiting;
  expect([answer.status, ((await answer.json()) as { status: string }).status]).toEqual([
    202,
    'pending',
  ]);
  expect(await exit).toBe(0);
  expect(output()).not.toMatch(/"level":(50|60)/);
});

test('mission.yaml says under which names it is reached, and which pages may call it', async () => {
  const file = join(home, 'doors.yaml');
  await writeFile(
    file,
    'api: { allowed_hosts: [mission.example], allowed_origins: ["https://app.example"] }\n',
  );
  const { url } = await startOn(await freePort(), { MISSION_CONFIG: file });
  const asked = (host: string, origin: string) =>
    new Promise<string>((resolve, reject) => {
      const headers = { host, origin, 'access-control-request-method': 'POST' };
      request(`${url}/graphql`, { method: 'OPTIONS', headers }, (response) => {
        response.resume();
        const allowed = response.headers['access-control-allow-origin'] ?? 'nobody';
        resolve(`${response.statusCode} ${allowed}`);
      })
        .on('error', reject)
        .end();
    });
  expect(await asked('mission.example', 'https://app.example')).toBe('204 https://app.example');
  expect(await asked('mission.example', 'https://other.example')).toBe('403 nobody');
  expect(await asked('other.example', 'https://app.example')).toBe('403 nobody');
});

test('it ends when its supervisor does', async () => {
  const { child, exit } = await startOn(await freePort());
  child.disconnect();
  expect(await exit).toBe(0);
});

test('a port in use is one clear line, and not a stack', async () => {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const { port } = holder.address() as { port: number };
  const { exit, output } = await start({ DATABASE_URL: database.url, PORT: String(port) });
  expect(await exit).not.toBe(0);
  holder.close();
  expect(output()).toContain(`Port ${port} on 127.0.0.1 is taken. Set PORT`);
  expect(output()).not.toMatch(/at .*\.js:\d+/);
});

test('bad configuration is told whole', async () => {
  const { exit, output } = await start({ DATABASE_URL: 'nonsense', PORT: 'x' });
  expect(await exit).not.toBe(0);
  expect(output()).toContain('DATABASE_URL');
  expect(output()).toContain('PORT');
  expect(output()).not.toMatch(/at .*\.js:\d+/);
});
