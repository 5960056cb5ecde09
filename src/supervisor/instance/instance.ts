import { renameSync, writeFileSync } from 'node:fs';
import type { Config } from '../../platform/config/config.js';
import { homePaths } from '../../platform/files/paths.js';

/** Addresses of the Temporal server. */
export interface Cluster {
  /** host:port */
  address: string;
  uiUrl?: string;
}

/** Addresses of a running instance, the content of `instance.json`. */
export interface Instance {
  /** Process ID of the supervisor. */
  pid: number;
  api: string;
  graphql: string;
  database_url: string;
  temporal_address: string;
  temporal_namespace: string;
  temporal_ui?: string;
}

/**
 * The address at which clients reach a server that may listen on all
 * interfaces.
 */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

/** The addresses of an instance that is about to start. */
export function instanceOf(
  { host, temporal }: Config,
  port: number,
  databaseUrl: string,
  { address, uiUrl }: Cluster,
): Instance {
  const api = `http://${reachable(host)}:${port}`;
  return {
    pid: process.pid,
    api,
    graphql: `${api}/graphql`,
    database_url: databaseUrl,
    temporal_address: address,
    temporal_namespace: temporal.namespace,
    ...(uiUrl && { temporal_ui: uiUrl }),
  };
}

/**
 * Variables of the API and the worker, on top of the supervisor's environment.
 */
export const environmentOf = (
  { home, project }: Config,
  port: number,
  instance: Instance,
): Record<string, string | undefined> => ({
  MISSION_HOME: home,
  MISSION_PROJECT: project,
  PORT: String(port),
  DATABASE_URL: instance.database_url,
  TEMPORAL_ADDRESS: instance.temporal_address,
  TEMPORAL_UI_URL: instance.temporal_ui,
});

/**
 * Writes `instance.json` for its owner only, because it contains the database's
 * password.
 */
export function writeInstance(home: string, instance: Instance): void {
  const { instance: file } = homePaths(home);
  writeFileSync(`${file}.new`, `${JSON.stringify(instance, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
