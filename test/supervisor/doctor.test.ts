import { expect, it, afterEach, beforeEach } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { loadConfig } from '../../src/platform/config/config.js';
import { meaningState } from '../../src/platform/meaning/meaning-model.js';
import { createKey, keyLine } from '../../src/platform/keys/keyring.js';
import { checkNode } from '../../src/supervisor/checks/programs.js';
import { doctorLines, runDoctor } from '../../src/supervisor/doctor.js';
import { createTestDatabase } from '../support/stack.js';
import { way } from '../tools/scripts/jailed.js';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'mission-doctor-'));
});
afterEach(() => rmSync(home, { recursive: true }));

const look = (env: NodeJS.ProcessEnv = {}) =>
  runDoctor(
    loadConfig({
      MISSION_HOME: home,
      PORT: '0',
      TEMPORAL_PORT: '0',
      TEMPORAL_UI_PORT: '0',
      ...env,
    }),
  );

const find = async (report: ReturnType<typeof look>, name: string) =>
  (await report).checks.find((check) => check.name === name);

it('finds this machine in order, and nothing running', async () => {
  const report = await look();
  expect(report.checks.filter(({ status }) => status === 'error')).toEqual([]);
  expect(report.ok).toBe(true);
  const names = report.checks.map(({ name }) => name);
  for (const name of [
    'node',
    'python3',
    'sh',
    'home',
    'space',
    'postgres',
    'temporal',
    'port',
    'api',
  ]) {
    expect(names).toContain(name);
  }
  expect(doctorLines(report).join('\n')).toMatch(/WARN +api +no instance runs.*mission up/);
});

it('tells of a Node that is older than ours, and refuses one of an older line', () => {
  expect(checkNode('24.22.3').status).toBe('ok');
  expect(checkNode('26.0.1').status).toBe('ok');
  const old = checkNode('24.9.0');
  expect(old.status).toBe('warning');
  expect(`${old.message}. ${old.hint}`).toMatch(/v24\.9\.0, .* with v24\.22\.3\. Install Node/);
  expect(checkNode('22.21.1').status).toBe('error');
});

it('tells which MCP servers are jailed, and which are not', async () => {
  const config = join(home, 'mission.yaml');
  const servers = [
    'a: { command: x }',
    'b: { command: x, permissions: [] }',
    'c: { url: "http://x" }',
  ];
  writeFileSync(config, `mcp_servers:\n${servers.map((each) => `  ${each}\n`).join('')}`);
  const { checks } = await look({ MISSION_CONFIG: config });
  expect(checks.filter(({ name }) => name === 'mcp servers')).toEqual([
    {
      name: 'mcp servers',
      status: 'ok',
      message: 'a: no permissions in mission.yaml, all rights of the worker',
    },
    way
      ? { name: 'mcp servers', status: 'ok', message: `b: sandboxed by ${way.bwrap}` }
      : {
          name: 'mcp servers',
          status: 'warning',
          message: expect.stringContaining(
            'b run WITHOUT A SANDBOX, with all rights of the worker: ',
          ),
          hint: expect.any(String),
        },
  ]);
});

it('says what does not answer', async () => {
  const report = look({
    DATABASE_URL: 'postgres://u:hunter2@127.0.0.1:1/x',
    TEMPORAL_ADDRESS: '127.0.0.1:1',
  });
  expect((await report).ok).toBe(false);
  expect(await find(report, 'postgres')).toMatchObject({ status: 'error' });
  expect(await find(report, 'temporal')).toMatchObject({ status: 'error' });
  expect(JSON.stringify(await report)).not.toContain('hunter2');
}, 30_000);

it('looks at the instance that runs here', async () => {
  const database = await createTestDatabase();
  const instance = { pid: 1, api: 'http://127.0.0.1:1', database_url: database.url };
  writeFileSync(join(home, 'instance.json'), JSON.stringify(instance));
  const report = look();
  expect(await find(report, 'api')).toMatchObject({ status: 'error' });
  expect(await find(report, 'worker')).toMatchObject({ message: 'no worker has ever reported' });
  await database.drop();
});

it('tells what live workers find wrong with MCP servers', async () => {
  const database = await createTestDatabase();
  const instance = { pid: 1, api: 'http://127.0.0.1:1', database_url: database.url };
  writeFileSync(join(home, 'instance.json'), JSON.stringify(instance));
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query(`INSERT INTO workers (id, task_queue, hostname, pid, seen_at)
    VALUES ('w', 'q', 'h', 1, now()), ('dead', 'q', 'h', 2, now() - interval '1 hour')`);
  await client.query(`INSERT INTO mcp_server_states
      (server, worker_id, state, reason, since, checked_at, transport, warnings)
    VALUES ('fine', 'w', 'connected', null, now(), now(), 'http', '[]'),
      ('odd', 'w', 'connected', null, now(), now(), 'http', '["tool x: inputSchema is null"]'),
      ('down', 'w', 'disconnected', 'exited with code 1', now(), now(), 'http', '[]'),
      ('old', 'dead', 'disconnected', 'exited with code 2', now(), now(), 'http', '[]')`);
  await client.end();
  const { checks } = await look();
  const found = checks.filter(({ name }) => name === 'mcp servers');
  expect(found.map(({ status, message }) => [status, message])).toEqual([
    ['warning', 'down is disconnected: exited with code 1'],
    ['warning', 'odd: tool x: inputSchema is null'],
  ]);
  await database.drop();
});

it('lists the models, and asks none', async () => {
  const models = ['a', 'b'].map(
    (name) => `  ${name}: { provider: anthropic, model: x, api_key: k }`,
  );
  writeFileSync(join(home, 'mission.yaml'), `models:\n${models.join('\n')}\n`);
  const found = await find(look({ MISSION_CONFIG: join(home, 'mission.yaml') }), 'models');
  expect(found).toMatchObject({ status: 'warning' });
  expect(found!.message).toContain('a (anthropic, x, api.anthropic.com); b (');
});

it('warns of key files that others may read, and refuses those without keys', async () => {
  const [own, payload] = [join(home, 'secrets.keys'), join(home, 'payload.keys')];
  writeFileSync(own, keyLine(createKey()), { mode: 0o640 });
  writeFileSync(payload, 'no key', { mode: 0o600 });
  writeFileSync(join(home, 'operator.key'), 'k', { mode: 0o600 });
  const { checks } = await look({ MISSION_PAYLOAD_KEYS: payload });
  const about = checks.filter(({ name }) => /key/.test(name));
  expect(about.map(({ name, status }) => `${name} ${status}`)).toEqual([
    'operator.key ok',
    'secrets.keys warning',
    'payload keys ok',
    'payload keys error',
  ]);
  expect(about[1]).toMatchObject({
    message: `other users can access ${own} (mode 640)`,
    hint: expect.stringContaining('chmod go='),
  });
  expect(about[3]!.message).toContain('payload.keys:1');
});

it('says whether search is by meaning, and what to do when it is not', async () => {
  expect(await find(look({ MISSION_MEANING: 'off' }), 'meaning')).toMatchObject({ status: 'ok' });
  const state = meaningState();
  const found = await find(look({ MISSION_MEANING: 'auto' }), 'meaning');
  expect(found).toMatchObject(
    state.kind === 'ready'
      ? { status: 'ok', message: expect.stringContaining(state.folder) }
      : { status: 'warning', hint: expect.stringContaining('MISSION_MEANING=off') },
  );
});
