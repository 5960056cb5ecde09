import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const SETPRIV = '/usr/bin/setpriv';
let supported: boolean | undefined;

/**
 * Command line that makes the kernel kill the child (SIGKILL) when this process
 * dies, even when it is killed. Where `setpriv` does not support that, the
 * command line stays as it is, and the child is expected to end with its
 * standard input.
 */
export function killWithParent(command: string, args: readonly string[]): [string, string[]] {
  supported ??= existsSync(SETPRIV) && probe();
  return supported
    ? [SETPRIV, ['--pdeathsig', 'KILL', '--', command, ...args]]
    : [command, [...args]];
}

const probe = () =>
  spawnSync(SETPRIV, ['--pdeathsig', 'KILL', '--', 'true'], { timeout: 2_000 }).status === 0;
