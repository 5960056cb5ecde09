import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { MissionError } from '../../contracts/errors.js';
import { freePort } from '../servers/ports.js';
import { commandLine, isAlive, terminate } from '../files/processes.js';
import { logTail, spawnServer, type ServerProcess } from '../servers/server-process.js';
import { postgresBinaries } from './binaries.js';
import { ensureCluster, readSecret, writeSecret } from './cluster.js';
import { unprivileged, type Launcher } from './unprivileged.js';

export interface PostgresOptions {
  dataDir: string;
  logFile: string;
  /**
   * The exact port. When absent, the last one if it is free, otherwise any free
   * one.
   */
  port?: number;
  /** Additional settings, as `name=value`. */
  settings?: string[];
  say?(line: string): void;
}

export interface PostgresServer extends ServerProcess {
  port: number;
  /** URL of the database `mission`, with its password. */
  url: string;
  stop(): Promise<void>;
}

const DATABASE = 'mission';
const START_MS = 120_000;
const STOP: [NodeJS.Signals, number][] = [
  ['SIGINT', 10_000],
  ['SIGQUIT', 5_000],
  ['SIGKILL', 2_000],
];
/**
 * Log lines of transient faults: a port that another program took, processes of
 * a killed server that are still ending.
 */
const TRANSIENT = /pre-existing shared memory|could not bind|Address already in use/;

const SETTINGS = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'shared_buffers=64MB',
  'max_connections=200',
  'synchronous_commit=on',
  'max_wal_size=512MB',
  'max_logical_replication_workers=0',
  'io_workers=1',
  'jit=off',
];

/**
 * Ends a server on these data whose supervisor died, and removes a pid file
 * that names another program.
 */
async function clearLeftover(dataDir: string): Promise<void> {
  const pidFile = join(dataDir, 'postmaster.pid');
  const [pid] = readLines(pidFile).map(Number);
  if (!pid) return;
  if (isAlive(pid) && commandLine(pid).includes(dataDir)) return terminate(pid, ...STOP);
  rmSync(pidFile, { force: true });
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n');
  } catch {
    return [];
  }
}

function launch(program: string, port: number, launcher: Launcher, options: PostgresOptions) {
  const settings = [...SETTINGS, `port=${port}`, ...(options.settings ?? [])];
  const args = ['-D', options.dataDir, ...settings.flatMap((setting) => ['-c', setting])];
  const command = [...launcher.prefix, program, ...args];
  const { uid, gid } = launcher;
  return spawnServer(command[0] as string, command.slice(1), {
    logFile: options.logFile,
    ...(uid !== undefined && { uid, gid }),
  });
}

/** Connects once and creates the database if it is missing. */
async function prepareDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/**
 * Whether the server refused the password or the user; waiting would not help.
 */
const isRefusal = (error: { code?: string }) => error.code?.startsWith('28') ?? false;

async function untilReady(server: ServerProcess, url: string): Promise<boolean> {
  for (const end = Date.now() + START_MS; Date.now() < end; await sleep(50)) {
    if (server.hasEnded()) return false;
    const error = await prepareDatabase(url).then(
      () => undefined,
      (reason: object) => reason,
    );
    if (!error) return true;
    if (isRefusal(error)) break;
  }
  await terminate(server.pid, ...STOP);
  return false;
}

const sizeOf = (file: string) => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

/**
 * Starts the embedded Postgres on its data directory, which is created if it is
 * missing. A server that still runs on it is ended first.
 * @throws MissionError `unavailable` with the end of its log
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const { dataDir, logFile, say = () => undefined } = options;
  const { initdb, postgres } = postgresBinaries();
  const launcher = unprivileged(dataDir, postgres);
  await clearLeftover(dataDir);
  await ensureCluster(initdb, dataDir, launcher, say);
  const secret = readSecret(dataDir);
  for (let attempt = 1; ; attempt += 1) {
    const port = options.port ?? (await freePort(secret.port));
    const before = sizeOf(logFile);
    const server = await launch(postgres, port, launcher, options);
    const base = `postgres://mission:${secret.password}@127.0.0.1:${port}`;
    if (await untilReady(server, `${base}/postgres`)) {
      writeSecret(dataDir, { ...secret, port });
      const stop = () => terminate(server.pid, ...STOP);
      return { ...server, port, url: `${base}/${DATABASE}`, stop };
    }
    const tail = logTail(logFile, 2048, before);
    if (attempt < 10 && TRANSIENT.test(tail)) {
      await sleep(500);
      continue;
    }
    throw new MissionError(
      'unavailable',
      `Postgres does not start with the data directory ${dataDir}. Its last output:\n${tail}\n` +
        'If the data cannot be repaired, move that directory away; the next start creates a new one.',
    );
  }
}
