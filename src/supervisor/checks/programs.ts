import { spawnSync } from 'node:child_process';
import semver from 'semver';
import type { Config } from '../../platform/config/config.js';
import { probeJail } from '../../sandbox/bubblewrap/probe-jail.js';
import type { JailMethod } from '../../sandbox/bubblewrap/jail-method.js';
import { FIRST_UID } from '../../sandbox/bubblewrap/jailed-command.js';
import { error, ok, warning, type Check, type Finding } from './check.js';

/**
 * The Node version of the npm packages in package.json; `bin/set-up/node.mjs`
 * warns at the start.
 */
const WANTED_NODE = '24.22.3';

/** Compares the running Node version with the tested one. */
export function checkNode(version: string): Finding {
  if (semver.gte(version, WANTED_NODE)) return ok('node', `v${version}`);
  const message = `this is v${version}, but Mission Control is tested with v${WANTED_NODE}`;
  const hint = `Install Node ${WANTED_NODE} or newer, and start by bin/mission.mjs`;
  const tooOld = semver.major(version) < semver.major(WANTED_NODE);
  return tooOld ? error('node', message, hint) : warning('node', message, hint);
}

function program(name: string, args: string[], needed: string): Finding {
  const { status, stdout, stderr } = spawnSync(name, args, { encoding: 'utf8', timeout: 10_000 });
  if (status === 0) return ok(name, (stdout || stderr).split('\n')[0] || 'there');
  return warning(name, `${name} does not run`, `Install it where ${needed}`);
}

async function jail({ scripts: { trust }, project }: Config): Promise<Finding> {
  if (trust === 'none') return ok('scripts', 'scripts of the project are disabled');
  const probe = await probeJail(project);
  if ('way' in probe) return jailedBy(probe.way);
  const what =
    trust === 'jailed'
      ? 'scripts of the project are not run'
      : 'scripts of the project run WITHOUT A SANDBOX, with all rights of the worker';
  return warning('scripts', `${what}: ${probe.reason}`, probe.hint);
}

function jailedBy({ kind, idmap, bwrap }: JailMethod): Finding {
  if (kind === 'user' || idmap)
    return ok('scripts', `scripts of the project are sandboxed by ${bwrap}`);
  const message = `scripts of the project are sandboxed by ${bwrap}, as a user without file permissions in the project`;
  const hint = `Start as an ordinary user, or give all users (or the user ${FIRST_UID}) permission to read the project and to write where directives grant it`;
  return warning('scripts', message, hint);
}

/** Checks Node and the interpreters for a project's scripts. */
export const checkPrograms: Check = async (config) => [
  checkNode(process.versions.node),
  program('python3', ['--version'], 'a project has Python scripts'),
  program('sh', ['-c', 'echo there'], 'a project has shell scripts'),
  await jail(config),
];
