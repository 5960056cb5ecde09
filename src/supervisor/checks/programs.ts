import { spawnSync } from 'node:child_process';
import type { Config } from '../../platform/config.js';
import { probeJail, type JailWay } from '../../platform/jail/jail-way.js';
import { FIRST_UID } from '../../platform/jail/jailed-command.js';
import { error, ok, warning, type Check, type Finding } from './check.js';

const WANTED_NODE = 24;

function node(): Finding {
  const major = Number(process.versions.node.split('.')[0]);
  if (major >= WANTED_NODE) return ok('node', process.version);
  return error(
    'node',
    `this is ${process.version}`,
    `Start by bin/mission.mjs, which uses Node ${WANTED_NODE}`,
  );
}

function program(name: string, args: string[], needed: string): Finding {
  const { status, stdout, stderr } = spawnSync(name, args, { encoding: 'utf8', timeout: 10_000 });
  if (status === 0) return ok(name, (stdout || stderr).split('\n')[0] || 'there');
  return warning(name, `${name} does not run`, `Install it where ${needed}`);
}

async function jail({ scripts: { trust }, project }: Config): Promise<Finding> {
  if (trust === 'none') return ok('scripts', 'scripts of the project are switched off');
  const probe = await probeJail(project);
  if ('way' in probe) return jailedBy(probe.way);
  const what =
    trust === 'jailed'
      ? 'scripts of the project are not run'
      : 'scripts of the project run WITHOUT A JAIL, with all rights of the worker';
  return warning('scripts', `${what}: ${probe.reason}`, probe.hint);
}

function jailedBy({ kind, idmap, bwrap }: JailWay): Finding {
  if (kind === 'user' || idmap)
    return ok('scripts', `scripts of the project are jailed by ${bwrap}`);
  const message = `scripts of the project are jailed by ${bwrap}, as a user that has no rights of its own in the project`;
  const hint = `Start as an ordinary user, or give everybody (or the user ${FIRST_UID}) the right to read the project and to write where directives grant it`;
  return warning('scripts', message, hint);
}

/** Node, and what scripts of a project run on. */
export const checkPrograms: Check = async (config) => [
  node(),
  program('python3', ['--version'], 'a project has Python scripts'),
  program('sh', ['-c', 'echo there'], 'a project has shell scripts'),
  await jail(config),
];
