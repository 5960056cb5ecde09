import { spawnSync } from 'node:child_process';
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

function jail({ trust }: { trust: 'local' | 'none' }): Finding {
  if (trust === 'none') return ok('scripts', 'scripts of the project are switched off');
  const message = 'scripts of the project run as plain processes, with the rights of the worker';
  return warning(
    'scripts',
    message,
    'Run only scripts that you trust, or set scripts.trust to none in mission.yaml',
  );
}

/** Node, and what scripts of a project run on. */
export const checkPrograms: Check = async ({ scripts }) => [
  node(),
  program('python3', ['--version'], 'a project has Python scripts'),
  program('sh', ['-c', 'echo there'], 'a project has shell scripts'),
  jail(scripts),
];
