import type { Config } from '../platform/config.js';
import { probeJail } from '../platform/jail/jail-way.js';
import { homePaths } from '../platform/paths.js';
import type { Instance } from './instance.js';

/** The lines that say that everything runs, and where. */
export function announcement(
  home: string,
  instance: Instance,
  seconds: number,
  scripts: string,
): string[] {
  const { operatorKey, logs } = homePaths(home);
  const rows: [string, string | undefined][] = [
    ['API', instance.api],
    ['GraphQL', instance.graphql],
    ['Temporal Web UI', instance.temporal_ui],
    ['Operator key', operatorKey],
    ['Logs', logs],
    ['Scripts', scripts],
  ];
  const lines = rows.flatMap(([name, value]) => (value ? [`  ${name.padEnd(16)} ${value}`] : []));
  return [
    `Mission Control is ready after ${seconds.toFixed(1)} s.`,
    ...lines,
    'Stop it with Ctrl-C.',
  ];
}

/** How scripts of the project are run; loud when there is no jail. */
export async function scriptsLine({ project, scripts }: Config): Promise<string> {
  if (scripts.trust === 'none') return 'switched off by mission.yaml';
  const probe = await probeJail(project);
  if ('way' in probe) return 'jailed';
  const what =
    scripts.trust === 'jailed' ? 'NOT RUN' : 'NOT JAILED, they have all rights of the worker';
  return `${what}: ${probe.reason}. ${probe.hint}`;
}
