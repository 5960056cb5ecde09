import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { CHANNELS } from '../../contracts/engine.js';
import { MissionError } from '../../contracts/errors.js';
import type { JsonObject } from '../../contracts/json/json.js';
import type { McpOutcome } from '../../contracts/mcp.js';

/** A command to the connections of other workers. */
export interface McpRequest {
  server: string;
  command: 'reconnect' | 'call';
  /** For `call`: `tool`, `arguments`, `idempotency_key`. */
  parameters: JsonObject;
  /**
   * `any`: the live worker with the best connection. `all`: every live worker.
   */
  workers: 'any' | 'all';
  /** Worker to leave out: the requesting one. */
  except?: string;
  timeoutMs: number;
}

type Outcome = Omit<McpOutcome, 'worker_id'>;
type Addressed = { worker_id: string; outcome: Outcome | null; live: boolean };

const MAX_WAIT_MS = 200;
const LIVE = `w.seen_at > now() - interval '15 seconds'`;
const WORKERS = `SELECT w.id FROM workers w
  LEFT JOIN mcp_server_states s ON s.worker_id = w.id AND s.server = $1
  WHERE ${LIVE} AND w.id <> $2
  ORDER BY array_position(ARRAY['connected', 'degraded'], s.state) NULLS LAST, random()`;
const INSERT = `INSERT INTO mcp_commands (server, worker_id, command, parameters)
  SELECT $1, worker_id, $2, $3 FROM unnest($4::text[]) AS worker_id RETURNING id`;
const ANSWERS = `SELECT c.worker_id, c.outcome, coalesce(${LIVE}, false) AS live
  FROM mcp_commands c LEFT JOIN workers w ON w.id = c.worker_id WHERE c.id = ANY($1)`;

/**
 * Sends a command to workers and waits for one answer from each. A worker that
 * does not answer in time yields `timeout`; with `all`, a worker that died in
 * the meantime yields nothing.
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
  const values = [server, command, parameters, workers];
  const sent: { id: string }[] = await dataSource.query(INSERT, values);
  await dataSource.query(`SELECT pg_notify($1, '')`, [CHANNELS.mcp]);
  const ids = sent.map(({ id }) => id);
  const answered = await answers(dataSource, ids, request.timeoutMs);
  return answered
    .filter(({ outcome, live }) => outcome || live || request.workers === 'any')
    .map((each) => outcomeOf(each, request));
}

async function addressees(dataSource: DataSource, request: McpRequest): Promise<string[]> {
  const { server, except = '', workers } = request;
  const rows: { id: string }[] = await dataSource.query(WORKERS, [server, except]);
  const ids = rows.map(({ id }) => id);
  if (workers === 'all') return ids;
  if (ids.length === 0) {
    throw new MissionError('unavailable', 'no worker is running; start one with `mission up`');
  }
  return ids.slice(0, 1);
}

/** Polls until every live worker has answered or the time is up. */
async function answers(
  dataSource: DataSource,
  ids: string[],
  timeoutMs: number,
): Promise<Addressed[]> {
  const end = performance.now() + timeoutMs;
  for (let wait = 10; ; wait = Math.min(wait * 2, MAX_WAIT_MS)) {
    const rows: Addressed[] = await dataSource.query(ANSWERS, [ids]);
    const complete = rows.every(({ outcome, live }) => outcome || !live);
    if (complete || performance.now() >= end) return rows;
    await sleep(wait);
  }
}

function outcomeOf(
  { worker_id, outcome, live }: Addressed,
  { command, server, timeoutMs }: McpRequest,
): McpOutcome {
  if (outcome) return { ...outcome, worker_id } as McpOutcome;
  const why = live ? `did not answer within ${timeoutMs} ms` : 'is gone';
  const message = `worker ${worker_id}, asked for ${command} of ${server}, ${why}`;
  return { worker_id, ok: false, error: { code: 'timeout', message } };
}
