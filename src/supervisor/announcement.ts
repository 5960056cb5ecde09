import { homePaths } from '../platform/paths.js';
import type { Instance } from './instance.js';

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
