import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { CHANNELS } from '../../contracts/engine.js';
import { MissionError } from '../../contracts/errors.js';
import type { JsonObject } from '../../contracts/json.js';
import type { McpOutcome } from '../../contracts/mcp.js';

/** A command to workers' own connections. */
export interface McpRequest {
  server: string;
  command: 'reconnect' | 'call';
  /** Of `call`: `tool`, `arguments`, `idempotency_key`. */
  parameters: JsonObject;
  /** `any`: the live worker that is best connected. `all`: every live worker. */
  workers: 'any' | 'all';
  /** A worker that is left out: the asking one. */
  except?: string;
  timeoutMs: number;
}

type Unaddressed = { id: string; worker_id: string };
type Answered = { worker_id: string; outcome: Omit<McpOutcome, 'worker_id'> };

const MAX_WAIT_MS = 200;
const WORKERS = `SELECT w.id FROM workers w
  LEFT JOIN mcp_server_states s ON s.worker_id = w.id AND s.server = $1
  WHERE w.seen_at > now() - interval '15 seconds' AND w.id <> $2
  ORDER BY array_position(ARRAY['connected', 'degraded'], s.state) NULLS LAST, random()`;
const INSERT = `INSERT INTO mcp_commands (server, worker_id, command, parameters)
  SELECT $1, worker_id, $2, $3 FROM unnest($4::text[]) AS worker_id RETURNING id, worker_id`;

/**
 * Asks workers to do something on their own connections, and waits for their answers, one a worker.
 * A worker that does not answer in time answers `timeout`.
 * @throws MissionError `unavailable` when `any` finds no live worker
 */
export async function requestMcp(
  dataSource: DataSource,
  request: McpRequest,
): Promise<McpOutcome[]> {
  const workers = await addressees(dataSource, request);
  if (workers.length === 0) return [];
  const parameters = JSON.stringify({ ...request.parameters, timeout_ms: request.timeoutMs });
  const { server, command } = request;
  const sent: Unaddressed[] = await dataSource.query(INSERT, [
    server,
    command,
    parameters,
    workers,
  ]);
  await dataSource.query(`SELECT pg_notify($1, '')`, [CHANNELS.mcp]);
  const answered = await answers(dataSource, sent, request.timeoutMs);
  return sent.map(({ worker_id }) => outcomeOf(worker_id, answered.get(worker_id), request));
}

async function addressees(dataSource: DataSource, request: McpRequest): Promise<string[]> {
  const { server, except = '', workers } = request;
  const rows: { id: string }[] = await dataSource.query(WORKERS, [server, except]);
  const ids = rows.map(({ id }) => id);
  if (workers === 'all') return ids;
  if (ids.length === 0) {
    throw new MissionError('unavailable', 'no worker is running; start one with `npm start`');
  }
  return ids.slice(0, 1);
}

async function answers(
  dataSource: DataSource,
  sent: Unaddressed[],
  timeoutMs: number,
): Promise<Map<string, Answered['outcome']>> {
  const ids = sent.map(({ id }) => id);
  const end = performance.now() + timeoutMs;
  for (let wait = 10; ; wait = Math.min(wait * 2, MAX_WAIT_MS)) {
    const rows: Answered[] = await dataSource.query(
      `SELECT worker_id, outcome FROM mcp_commands WHERE id = ANY($1) AND completed_at IS NOT NULL`,
      [ids],
    );
    const complete = rows.length === ids.length || performance.now() >= end;
    if (complete) return new Map(rows.map(({ worker_id, outcome }) => [worker_id, outcome]));
    await sleep(wait);
  }
}

function outcomeOf(
  worker_id: string,
  outcome: Answered['outcome'] | undefined,
  { command, server, timeoutMs }: McpRequest,
): McpOutcome {
  if (outcome) return { ...outcome, worker_id } as McpOutcome;
  const message = `worker ${worker_id} did not answer ${command} of ${server} within ${timeoutMs} ms`;
  return { worker_id, ok: false, error: { code: 'timeout', message } };
}
