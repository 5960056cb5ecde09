import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../platform/config/config.js';
import { probeJail } from '../sandbox/bubblewrap/probe-jail.js';
import { homePaths } from '../platform/files/paths.js';
import { stdioServers } from '../platform/config/stdio-servers.js';
import type { Instance } from './instance/instance.js';

type Row = [name: string, value: string | undefined];

/**
 * The lines that report the end of the start, with the addresses of the
 * instance.
 */
export function announcement(
  { home, project }: Pick<Config, 'home' | 'project'>,
  instance: Instance,
  seconds: number,
  jails: readonly Row[],
): string[] {
  const { operatorKey, logs } = homePaths(home);
  const rows: Row[] = [
    ['Project', project],
    ['API', instance.api],
    ['GraphQL', instance.graphql],
    ['Temporal Web UI', instance.temporal_ui],
    ['Operator key', operatorKey],
    ['Logs', logs],
    ...jails,
  ];
  const lines = rows.flatMap(([name, value]) => (value ? [`  ${name.padEnd(16)} ${value}`] : []));
  return [
    `Mission Control is ready after ${seconds.toFixed(1)} s.`,
    ...lines,
    ...nextSteps(home, project),
    'Stop it with Ctrl-C.',
  ];
}

const DEFAULT_HOME = join(homedir(), '.mission-control');

/**
 * The commands to type in another terminal. The command is found in any
 * directory once the clone's bin is on PATH.
 */
function nextSteps(home: string, project: string): string[] {
  const bin = join(import.meta.dirname, '../../bin');
  const isEmpty = !existsSync(join(project, '.ai', 'directives'));
  return [
    'Next, in another terminal:',
    `  export PATH="${bin}:$PATH"`,
    ...(home === DEFAULT_HOME ? [] : [`  export MISSION_HOME="${home}"`]),
    `  cd ${project}`,
    isEmpty
      ? '  mission init              # this project has no directives yet'
      : '  mission directives list   # then: mission run NAME',
  ];
}

/**
 * Describes how scripts of the project and jailed MCP servers are run; in
 * capitals when there is no jail.
 */
export async function jailRows({ project, scripts, mcpServers }: Config): Promise<Row[]> {
  const { trust } = scripts;
  const [jailed] = stdioServers(mcpServers);
  const off: Row = ['Scripts', 'disabled by mission.yaml'];
  if (trust === 'none' && jailed.length === 0) return [off];
  const probe = await probeJail(project);
  const state = (refused: boolean) => {
    if ('way' in probe) return 'jailed';
    const what = refused ? 'NOT RUN' : 'NOT SANDBOXED: they have all rights of the worker';
    return `${what}: ${probe.reason}. ${probe.hint}`;
  };
  const own: Row = trust === 'none' ? off : ['Scripts', state(trust === 'jailed')];
  if (jailed.length === 0) return [own];
  return [own, ['MCP servers', `${jailed.join(', ')}: ${state(trust !== 'local')}`]];
}
