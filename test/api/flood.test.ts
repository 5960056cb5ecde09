import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { freePort } from '../../src/platform/servers/ports.js';
import { createTestDatabase } from '../support/stack.js';
import { startApi, untilLive } from './api-process.js';

const KEY = 'key-of-the-flood-test';
const DEMO = `name: demo
version: 1.0.0
description: Does nothing
permissions: []
steps:
  - name: keep
    set: { kept: true }
`;

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let home: string;
let api: Awaited<ReturnType<typeof startApi>>;
let url: string;

beforeAll(async () => {
  database = await createTestDatabase();
  home = await mkdtemp(join(tmpdir(), 'mission-flood-'));
  await mkdir(join(home, '.ai/directives'), { recursive: true });
  await writeFile(join(home, '.ai/directives/demo.yaml'), DEMO);
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  api = await startApi({
    MISSION_HOME: home,
    MISSION_PROJECT: home,
    MISSION_API_KEY: KEY,
    DATABASE_URL: database.url,
    PORT: String(port),
  });
  await untilLive(url);
}, 60_000);

afterAll(async () => {
  api.child.kill('SIGKILL');
  await api.exit;
  await rm(home, { recursive: true });
  await database.drop();
});

interface Answer {
  status: number;
  retryAfter: string | undefined;
  body: any;
}

/** One request on a connection of its own. */
const send = (method: string, path: string, body?: string): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' };
    const sent = request(url + path, { method, agent: false, headers }, (response) => {
      let text = '';
      response.on('data', (chunk) => (text += chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode!,
          retryAfter: response.headers['retry-after'],
          body: JSON.parse(text),
        }),
      );
    });
    sent.on('error', reject).end(body);
  });

async function runs(): Promise<number> {
  const client = new pg.Client(database.url);
  await client.connect();
  const { rows } = await client.query('SELECT count(*)::int AS n FROM directive_executions');
  await client.end();
  return rows[0].n;
}

test('ten thousand starts at once: each is answered, once, and others are served meanwhile', async () => {
  const served: Promise<Answer>[] = [];
  const watch = setInterval(() => served.push(send('GET', '/live')), 250);
  const start = () => send('POST', '/internal/execute?wait=false', '{"directive_name":"demo"}');
  const answers = await Promise.all(Array.from({ length: 10_000 }, start));
  clearInterval(watch);
  const accepted = answers.filter(({ status }) => status === 202);
  const refused = answers.filter(({ status }) => status === 429);
  expect(accepted.length + refused.length).toBe(10_000);
  expect(accepted.length).toBeGreaterThan(500);
  expect(refused.every(({ retryAfter }) => retryAfter === '1')).toBe(true);
  expect(refused.every(({ body }) => body.error.code === 'too_many_requests')).toBe(true);
  expect(new Set(accepted.map(({ body }) => body.execution_id)).size).toBe(accepted.length);
  expect(await runs()).toBe(accepted.length);
  for (const { status } of await Promise.all(served)) expect(status).toBe(200);
  expect(api.output()).not.toMatch(/"level":(50|60)/);
}, 120_000);
