import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { MissionError } from '../../contracts/errors.js';
import { commandLine, terminate } from '../files/processes.js';
import { logTail, spawnServer, type ServerProcess } from '../servers/server-process.js';
import { ensureSearchAttributes } from './search-attributes.js';
import { serverArguments, type ServerAddress } from './server-arguments.js';

export interface TemporalServerOptions extends ServerAddress {
  /** Path of the `temporal` program. */
  engine: string;
  pidFile: string;
  logFile: string;
}

export interface TemporalServer extends ServerProcess {
  /** host:port */
  address: string;
  uiUrl: string;
  stop(): Promise<void>;
}

const START_MS = 60_000;
const STOP: [NodeJS.Signals, number][] = [
  ['SIGTERM', 10_000],
  ['SIGKILL', 2_000],
];
/** Retention of closed runs in Temporal; its default is 24 hours. */
const RETENTION_SECONDS = 72 * 3_600;

/**
 * Ends a server on this SQLite file whose supervisor died: two servers on one
 * file would corrupt it.
 */
async function clearLeftover({ pidFile, dbFile }: TemporalServerOptions): Promise<void> {
  const pid = Number(statSync(pidFile, { throwIfNoEntry: false }) && readFileSync(pidFile, 'utf8'));
  if (pid && commandLine(pid).includes(dbFile)) await terminate(pid, ...STOP);
  rmSync(pidFile, { force: true });
}

async function prepareNamespace(connection: Connection, namespace: string): Promise<void> {
  const { workflowService } = connection;
  await workflowService.describeNamespace({ namespace });
  const workflowExecutionRetentionTtl = { seconds: RETENTION_SECONDS } as never;
  await workflowService.updateNamespace({ namespace, config: { workflowExecutionRetentionTtl } });
  const { available, reason } = await ensureSearchAttributes(connection, namespace);
  if (!available) throw new Error(reason);
}

async function prepare(address: string, namespace: string): Promise<void> {
  const connection = await Connection.connect({ address, connectTimeout: '2s' });
  try {
    await connection.withDeadline(Date.now() + 5_000, () =>
      prepareNamespace(connection, namespace),
    );
  } finally {
    await connection.close();
  }
}

async function untilReady(server: ServerProcess, address: string, namespace: string) {
  for (const end = Date.now() + START_MS; Date.now() < end; await sleep(100)) {
    if (server.hasEnded()) return false;
    if (
      await prepare(address, namespace).then(
        () => true,
        () => false,
      )
    )
      return true;
  }
  await terminate(server.pid, ...STOP);
  return false;
}

/**
 * Starts the embedded Temporal server on exactly these ports. A server that
 * still runs on the same SQLite file is ended first.
 * @throws MissionError `unavailable` with the end of its log
 */
export async function startTemporalServer(options: TemporalServerOptions): Promise<TemporalServer> {
  const { engine, pidFile, logFile, namespace, port, uiPort } = options;
  await clearLeftover(options);
  const before = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0;
  const server = await spawnServer(engine, serverArguments(options), { logFile });
  writeFileSync(pidFile, String(server.pid));
  const address = `127.0.0.1:${port}`;
  if (await untilReady(server, address, namespace)) {
    const stop = () => terminate(server.pid, ...STOP);
    return { ...server, address, uiUrl: `http://127.0.0.1:${uiPort}`, stop };
  }
  throw new MissionError(
    'unavailable',
    `Temporal does not start on ${address}. Its last output:\n${logTail(logFile, 2048, before)}`,
  );
}
