import {
  existsSync,
  mkdirSync,
  symlinkSync,
  writeFileSync,
  readFileSync,
  readdirSync,
  rmSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { isAlive } from '../../src/platform/files/processes.js';
import { createTestDatabase, testTemporal } from '../support/stack.js';
import { eventually, newHome, processesOf, removeHome, UpProcess } from './up-process.js';

let home: string;
beforeEach(() => {
  home = newHome();
});
afterEach(() => removeHome(home));

const get = async (url: string) => (await fetch(url)).json() as Promise<Record<string, string>>;

async function note(url: string, text?: string): Promise<string[]> {
  const client = new pg.Client(url);
  await client.connect();
  if (text) {
    await client.query('INSERT INTO readiness_probes (process) VALUES ($1)', [text]);
  }
  const { rows } = await client.query('SELECT process FROM readiness_probes');
  await client.end();
  return rows.map(({ process }) => process as string);
}

/** A PATH with these programs and no other. */
function pathOf(...programs: string[]): string {
  const directory = join(home, 'bin');
  mkdirSync(directory);
  for (const program of programs) {
    const found = (process.env['PATH'] ?? '').split(':').map((dir) => join(dir, program));
    const target = found.find((file) => existsSync(file));
    if (target) symlinkSync(target, join(directory, program));
  }
  return directory;
}

/** A port that this process listens on. */
async function takenPort(): Promise<{ port: number; close(): void }> {
  const server = createServer().listen(0, '127.0.0.1');
  await eventually(() => server.listening);
  const { port } = server.address() as AddressInfo;
  return { port, close: () => void server.close() };
}

async function untilKept(up: UpProcess, name: 'postgres' | 'temporal' | 'api' | 'worker') {
  const before = up.pidOf(name);
  process.kill(before, 'SIGKILL');
  await eventually(() => up.pidOf(name) && up.pidOf(name) !== before && isAlive(up.pidOf(name)));
}

async function drainThenKill(up: UpProcess): Promise<void> {
  const [api, worker] = [up.pidOf('api'), up.pidOf('worker')];
  up.child.kill('SIGINT');
  await up.says('Stopping');
  await eventually(() => !isAlive(api));
  await sleep(1_100);
  expect(isAlive(worker)).toBe(true);
  expect(await up.end('SIGINT')).toBe(130);
  await eventually(() => processesOf(home).length === 0);
}

describe('up', () => {
  it('keeps everything running, and leaves nothing behind', async () => {
    const { port, close } = await takenPort();
    const up = await UpProcess.start(home, { env: { TEMPORAL_PORT: String(port) } });
    const instance = await up.ready();
    expect(instance.temporal_address).not.toContain(String(port));
    expect(up.output).toContain(`TEMPORAL_PORT ${port} is taken by process ${process.pid}`);
    close();
    expect(await get(`${instance.api}/x`)).toMatchObject({
      DATABASE_URL: instance.database_url,
      TEMPORAL_ADDRESS: instance.temporal_address,
    });
    await note(instance.database_url, 'before');

    for (const name of ['api', 'worker', 'temporal', 'postgres'] as const)
      await untilKept(up, name);
    const pidFile = join(home, 'run/worker.pid');
    await eventually(() => Number(readFileSync(pidFile, 'utf8')) === up.pidOf('worker'));
    expect(up.output).toMatch(/The API exited \(SIGKILL\); it is restarted in 0\.25 s/);
    const rows = await eventually(() => note(instance.database_url).catch(() => undefined));
    expect(rows).toEqual(['before']);
    await eventually(() => get(instance.api).catch(() => undefined));

    expect(await up.end()).toBe(0);
    expect(up.output).toContain('ended in order');
    expect(existsSync(pidFile)).toBe(false);
    expect(processesOf(home)).toEqual([]);
  }, 60_000);

  it('gives up after five deaths in a minute, with the end of the log', async () => {
    const up = await UpProcess.start(home, { worker: 'broken.mjs' });
    expect(await up.ended).toBe(1);
    expect(up.output).toContain('The worker ended 5 times within a minute');
    expect(up.output).toContain('the reason why it cannot live');
    expect(processesOf(home)).toEqual([]);
  }, 60_000);

  it('recovers by itself after everything was killed; drains when asked once, kills when asked again', async () => {
    const first = await UpProcess.start(home);
    const { database_url } = await first.ready();
    await note(database_url, 'kept');
    const children = [first.pidOf('api'), first.pidOf('worker')];
    await first.end('SIGKILL');
    await eventually(() => children.every((pid) => !isAlive(pid)));
    expect(isAlive(first.pidOf('postgres'))).toBe(true);

    const second = await UpProcess.start(home);
    const instance = await second.ready();
    expect(await note(instance.database_url, 'later')).toEqual(['kept', 'later']);
    for (const pid of processesOf(home)) process.kill(pid, 'SIGKILL');
    await second.ended;

    const third = await UpProcess.start(home, { env: { DRAIN_MS: '60000' } });
    expect(await note((await third.ready()).database_url)).toEqual(['kept', 'later']);
    await drainThenKill(third);
  }, 90_000);

  it('says who holds the instance; another instance runs beside it', async () => {
    const up = await UpProcess.start(home);
    await up.ready();
    const same = await UpProcess.start(home);
    expect(await same.ended).toBe(1);
    expect(same.output).toContain(`as process ${up.child.pid}.`);

    const otherHome = newHome();
    try {
      const other = await UpProcess.start(otherHome);
      await other.ready();
      await other.end();
    } finally {
      await removeHome(otherHome);
    }
    await up.end();
  }, 60_000);

  it('says who holds a taken port, and which variable to set', async () => {
    const { port, close } = await takenPort();
    const up = await UpProcess.start(home, { env: { PORT: String(port) } });
    expect(await up.ended).toBe(1);
    expect(up.output).toContain(`Port ${port} on 127.0.0.1 is taken by process ${process.pid}`);
    expect(up.output).toContain('Set PORT');
    close();
  });

  it('gets over stale locks, pid files of strangers and half-made data, and shows what it cannot repair', async () => {
    writeFileSync(
      join(home, 'supervisor.lock'),
      JSON.stringify({ pid: process.pid, started: '1' }),
    );
    writeFileSync(join(home, 'temporal.pid'), String(process.pid));
    mkdirSync(join(home, 'postgres'));
    writeFileSync(join(home, 'postgres/PG_VERSION'), '18\n');
    mkdirSync(join(home, 'postgres.new/data'), { recursive: true });
    const up = await UpProcess.start(home);
    await up.ready();
    expect(up.output).toMatch(/was incomplete; it was moved to .*postgres\.broken-/);
    await up.end();
    writeFileSync(join(home, 'postgres/postmaster.pid'), `${process.pid}\n${home}/postgres\n`);
    const again = await UpProcess.start(home);
    await again.ready();
    expect(await again.end()).toBe(0);
    expect(readdirSync(home).filter((name) => name.startsWith('postgres.new'))).toEqual([]);

    // Damaged data are shown, and left alone.
    const control = join(home, 'postgres/global/pg_control');
    writeFileSync(control, readFileSync(control).fill(7));
    const last = await UpProcess.start(home);
    expect(await last.ended).toBe(1);
    expect(last.output).toMatch(
      /Postgres does not start with the data directory .*\n.*(FATAL|PANIC|incompatible)/s,
    );
    expect(last.output).toContain('move that directory away');
    expect(processesOf(home)).toEqual([]);
  }, 60_000);

  it('stops in the middle of a start', async () => {
    const up = await UpProcess.start(home);
    await eventually(() => readdirSync(home).includes('logs'));
    expect(await up.end()).toBe(0);
    expect(up.output).not.toContain('ready after');
    expect(processesOf(home)).toEqual([]);
  }, 40_000);

  it('names the ways out where there is neither engine, Go nor internet', async () => {
    const dead = 'http://127.0.0.1:1';
    const up = await UpProcess.start(home, {
      env: {
        HOME: home,
        PATH: pathOf('unshare', 'true', 'sh'),
        HTTPS_PROXY: dead,
        https_proxy: dead,
      },
    });
    expect(await up.ended).toBe(1);
    for (const part of [
      'Go, which is needed to compile it, is not installed',
      'The download failed',
      'TEMPORAL_ADDRESS',
      'on PATH',
    ]) {
      expect(up.output).toContain(part);
    }
    expect(processesOf(home)).toEqual([]);
  }, 60_000);

  it('uses a database and a cluster of the operator’s, and starts none of its own', async () => {
    const [database, address] = [await createTestDatabase(), await testTemporal()];
    const env = { DATABASE_URL: database.url, TEMPORAL_ADDRESS: address };
    const up = await UpProcess.start(home, { env });
    const instance = await up.ready();
    expect(instance).toMatchObject({ database_url: database.url, temporal_address: address });
    expect(readdirSync(home).sort()).toEqual(['instance.json', 'logs', 'run', 'supervisor.lock']);
    await up.end();
    await database.drop();
  }, 40_000);

  it('says that the operator’s database does not answer, without its password', async () => {
    const address = await testTemporal();
    const env = { DATABASE_URL: 'postgres://u:hunter2@127.0.0.1:1/x', TEMPORAL_ADDRESS: address };
    const up = await UpProcess.start(home, { env });
    expect(await up.ended).toBe(1);
    expect(up.output).toMatch(/database x at 127\.0\.0\.1:1 .*ECONNREFUSED/);
    expect(up.output).not.toContain('hunter2');
  }, 40_000);

  it('says that the directory cannot be used', async () => {
    rmSync(home, { recursive: true });
    writeFileSync(home, 'a file, not a directory');
    const up = await UpProcess.start(home);
    expect(await up.ended).toBe(1);
    expect(up.output).toMatch(/MISSION_HOME .* cannot be used: .*set MISSION_HOME/);
  });
});
