import { readFileSync } from 'node:fs';
import pg from 'pg';
import type { Config } from '../../platform/config/config.js';
import { homePaths } from '../../platform/files/paths.js';
import { isFree } from '../../platform/servers/ports.js';
import type { Instance } from '../instance/instance.js';
import { readPids } from '../instance/pid-files.js';
import { portHolder } from '../instance/port-holder.js';
import { error, ok, reason, warning, type Check, type Finding } from './check.js';
import { mcpStates } from './mcp-states.js';

const START = 'Start it with mission up';
const FRESH_SECONDS = 15;

function instanceOf(home: string): Instance | undefined {
  try {
    return JSON.parse(readFileSync(homePaths(home).instance, 'utf8')) as Instance;
  } catch {
    return undefined;
  }
}

async function api(origin: string): Promise<Finding> {
  try {
    const response = await fetch(`${origin}/ready`, { signal: AbortSignal.timeout(5_000) });
    if (response.ok) return ok('api', `${origin} is ready`);
    const text = (await response.text()).slice(0, 200);
    return error('api', `${origin}/ready answers ${response.status}: ${text}`, 'Read the logs');
  } catch (thrown) {
    return error('api', `${origin} does not answer: ${reason(thrown)}`, START);
  }
}

async function youngestHeartbeat(url: string): Promise<number | null> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  try {
    await client.connect();
    const sql = 'SELECT extract(epoch FROM now() - max(seen_at))::float AS age FROM workers';
    return (await client.query(sql)).rows[0].age as number | null;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function worker(url: string): Promise<Finding> {
  const hint = 'Read the worker’s log, or start one with npm run worker';
  try {
    const age = await youngestHeartbeat(url);
    if (age === null) return error('worker', 'no worker has ever reported', hint);
    const message = `the last heartbeat was ${age.toFixed(1)} s ago`;
    return age <= FRESH_SECONDS ? ok('worker', message) : error('worker', message, hint);
  } catch (thrown) {
    return error('worker', reason(thrown), hint);
  }
}

const reports = async (url: string): Promise<Finding[]> => [
  await worker(url),
  ...(await mcpStates(url)),
];

async function port(variable: string, number: number, host: string): Promise<Finding> {
  const name = variable.toLowerCase();
  if (number === 0) return ok(name, 'any free one');
  if (await isFree(number, host)) return ok(name, `${number} is free`);
  const hint = `Set ${variable} to another one, or to 0 for any free one`;
  return warning(name, `${number} is taken by ${portHolder(number)}`, hint);
}

async function ports({ host, port: own, databaseUrl, temporal }: Config): Promise<Finding[]> {
  const embedded: [string, number][] =
    temporal.address === undefined
      ? [
          ['TEMPORAL_PORT', temporal.port],
          ['TEMPORAL_UI_PORT', temporal.uiPort],
        ]
      : [];
  const idle = warning('api', 'no instance runs with this MISSION_HOME', START);
  const findings = embedded.map(([variable, number]) => port(variable, number, '127.0.0.1'));
  const workers = databaseUrl === undefined ? [] : await reports(databaseUrl);
  return [await port('PORT', own, host), ...(await Promise.all(findings)), idle, ...workers];
}

/**
 * Lists the process IDs of this instance only, for an operator who wants to end
 * one of them.
 */
function processes(home: string, supervisor: number): Finding {
  const pids = [...readPids(home), ['supervisor', supervisor] as const];
  return ok('processes', pids.map(([name, pid]) => `${name} ${pid}`).join(', '));
}

/**
 * Checks the instance on this `MISSION_HOME`; if none runs, checks whether its
 * ports are free.
 */
export const checkInstance: Check = async (config) => {
  const instance = instanceOf(config.home);
  if (!instance) return ports(config);
  const findings = [await api(instance.api), ...(await reports(instance.database_url))];
  return [...findings, processes(config.home, instance.pid)];
};
