import { renameSync, writeFileSync } from 'node:fs';
import { homePaths } from '../platform/paths.js';

/** What runs where. */
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

/** Writes `instance.json`; only its owner may read it, since it holds the database's password. */
export function writeInstance(home: string, instance: Instance): void {
  const { instance: file } = homePaths(home);
  writeFileSync(`${file}.new`, `${JSON.stringify(instance, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** The lines that say that everything runs, and where. */
export function announcement(home: string, instance: Instance, seconds: number): string[] {
  const { operatorKey, logs } = homePaths(home);
  const rows: [string, string | undefined][] = [
    ['API', instance.api],
    ['GraphQL', instance.graphql],
    ['Temporal Web UI', instance.temporal_ui],
    ['Operator key', operatorKey],
    ['Logs', logs],
  ];
  const lines = rows.flatMap(([name, value]) => (value ? [`  ${name.padEnd(16)} ${value}`] : []));
  return [
    `Mission Control is ready after ${seconds.toFixed(1)} s.`,
    ...lines,
    'Stop it with Ctrl-C.',
  ];
}
