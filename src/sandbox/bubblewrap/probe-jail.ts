import type { JailProbe, JailMethod } from './jail-method.js';
import { bubblewrapArguments, jailedCommand } from './jailed-command.js';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';

const run = promisify(execFile);

const FOLDERS = ['/usr/bin', '/bin', '/usr/sbin', '/sbin', '/usr/local/bin'];

const find = (name: string) => FOLDERS.map((folder) => `${folder}/${name}`).find(existsSync);

const INSTALL = 'Install bubblewrap (Debian: apt-get install bubblewrap)';

const PERMIT =
  'Allow user namespaces (sysctl kernel.unprivileged_userns_clone=1, or an AppArmor profile for bwrap), or run as root';

/**
 * Finds a jail method by starting a jailed process.
 * @param project the jail of the probe mounts this project
 */
export async function probeJail(project: string, bwrap = find('bwrap')): Promise<JailProbe> {
  if (project === '/') {
    const hint = 'Set MISSION_PROJECT to a separate directory';
    return { reason: 'the project is the whole file system', hint };
  }
  const [prlimit, setpriv] = [find('prlimit'), find('setpriv')];
  if (!bwrap || !existsSync(bwrap)) return { reason: 'bubblewrap is not installed', hint: INSTALL };
  if (!prlimit) return { reason: 'prlimit is missing', hint: 'Install util-linux' };
  if (process.getuid?.() !== 0) return attempt({ kind: 'user', bwrap, prlimit }, project);
  if (!setpriv) return { reason: 'setpriv is missing', hint: 'Install util-linux' };
  const root: JailMethod = { kind: 'root', bwrap, prlimit, setpriv };
  const perl = find('perl');
  const best = perl && (await attempt({ ...root, idmap: perl }, project));
  return best && 'way' in best ? best : attempt(root, project);
}

async function attempt(way: JailMethod, project: string): Promise<JailProbe> {
  const walls = { project, visible: [], opened: [], hidden: [], environment: {} };
  const test = ['/bin/sh', '-c', 'test ! -e /etc/shadow && test "$(id -u)" != 0'];
  const limits = { processes: 64, files: 256, fileMib: 16, dataMib: 512, cpuSeconds: 10 };
  const mounts = bubblewrapArguments(way, walls);
  const [program, ...args] = jailedCommand(way, walls, limits, test, mounts);
  try {
    await run(program!, args, { env: {}, timeout: 10_000 });
    return { way };
  } catch (thrown) {
    const { stderr, message } = thrown as Error & { stderr?: string };
    const reason = (stderr || message).trim().split('\n').at(-1)!;
    return { reason: `bubblewrap does not work here: ${reason}`, hint: PERMIT };
  }
}
