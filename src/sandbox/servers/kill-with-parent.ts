import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const SETPRIV = '/usr/bin/setpriv';
let supported: boolean | undefined;

/**
 * The argv that makes a child die with this process, even when that is killed: the kernel sends it SIGKILL.
 * Where `setpriv` cannot do that the argv stays as it is, and the child's end of its input has to do.
 */
export function killWithParent(command: string, args: readonly string[]): [string, string[]] {
  supported ??= existsSync(SETPRIV) && probe();
  return supported
    ? [SETPRIV, ['--pdeathsig', 'KILL', '--', command, ...args]]
    : [command, [...args]];
}

const probe = () =>
  spawnSync(SETPRIV, ['--pdeathsig', 'KILL', '--', 'true'], { timeout: 2_000 }).status === 0;
