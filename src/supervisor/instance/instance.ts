import { renameSync, writeFileSync } from 'node:fs';
import type { Config } from '../../platform/config/config.js';
import { homePaths } from '../../platform/files/paths.js';

/** Where Temporal is. */
export interface Cluster {
  /** host:port */
  address: string;
  uiUrl?: string;
}

/** What runs where (`instance.json`). */
export interface Instance {
  /** The supervisor. */
  pid: number;
  api: string;
  graphql: string;
  database_url: string;
  temporal_address: string;
  temporal_namespace: string;
  temporal_ui?: string;
}

/** Where to reach a server that may listen on every address. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

/** What will run where. */
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

/** What the API and the worker are told; the rest of our environment they have anyway. */
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

/** Writes `instance.json`; only its owner may read it, since it holds the database's password. */
export function writeInstance(home: string, instance: Instance): void {
  const { instance: file } = homePaths(home);
  writeFileSync(`${file}.new`, `${JSON.stringify(instance, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
