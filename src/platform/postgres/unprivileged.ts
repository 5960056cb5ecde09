import { spawnSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { dirname } from 'node:path';
import { MissionError } from '../../contracts/errors.js';

/** The launcher of a program that refuses to run as root. */
export interface Launcher {
  /** Command that precedes the program. */
  prefix: string[];
  uid?: number;
  gid?: number;
}

const NOBODY = { uid: 65_534, gid: 65_534 };
const USER_NAMESPACE = ['unshare', '--user', '--map-user=1000', '--map-group=1000'];

const succeeds = (command: string[], options = {}) =>
  spawnSync(command[0] as string, command.slice(1), { stdio: 'ignore', ...options }).status === 0;

/**
 * Runs the programs as the user nobody, if that user can reach them and the
 * data.
 */
function asNobody(dataDir: string, program: string): Launcher {
  const home = dirname(dataDir);
  chmodSync(home, 0o711);
  const reaches = ['sh', '-c', 'cd "$0" && "$1" --version', home, program];
  if (succeeds(reaches, NOBODY)) return { prefix: [], ...NOBODY };
  throw new MissionError(
    'unavailable',
    `Postgres refuses to run as root; user namespaces are off here, and the user nobody cannot reach ${home} and ${program}. ` +
      'Start as an ordinary user, or set MISSION_HOME (and clone the repository) in a directory that all users may enter, or set DATABASE_URL.',
  );
}

/**
 * For root: a user namespace with another user (files stay root's), otherwise
 * the user nobody. For other users: no change.
 * @throws MissionError `unavailable` when neither works
 */
export function unprivileged(dataDir: string, program: string): Launcher {
  if (process.getuid?.() !== 0) return { prefix: [] };
  if (succeeds([...USER_NAMESPACE, 'true'])) return { prefix: USER_NAMESPACE };
  return asNobody(dataDir, program);
}
