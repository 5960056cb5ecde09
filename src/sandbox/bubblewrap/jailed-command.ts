import { release } from 'node:os';
import { join } from 'node:path';
import type { JailMethod } from './jail-method.js';
import { ETC_FILES } from './etc-files.js';
import { systemMounts } from './system-mounts.js';

const IDMAP = join(import.meta.dirname, '../../../src/sandbox/bubblewrap/inside/idmap.pl');
/**
 * First user ID of the jails: no system assigns IDs of this range, which
 * systemd lists as unused.
 */
export const FIRST_UID = 1_879_100_000;
const MEMORY_FOLDER_BYTES = 64 * 1024 * 1024;
/**
 * Factor for the process limit where the kernel counts the processes of several
 * jails together; it still protects the machine.
 */
const SHARED_BY = 16;
/** The script's user ID inside a user namespace. */
const INSIDE_UID = 1000;

/** The paths that a jailed process may see and change. Paths are absolute. */
export interface SandboxRules {
  /** The project directory, readable. */
  project: string;
  /** The working directory; the project when absent. */
  cwd?: string;
  /** Further readable paths, such as interpreters and runners. */
  visible: readonly string[];
  /**
   * Writable paths in the project, and read-only paths inside those; outermost
   * first. All of them exist.
   */
  opened: readonly { path: string; writable: boolean }[];
  /** Paths in the project that the process must not see. */
  hidden: readonly { path: string; kind: 'directory' | 'file' }[];
  /** The process's own directory, writable. */
  home?: string;
  /** Directory with the files of {@link ETC_FILES}. */
  etc?: string;
  /**
   * The socket of the egress proxy: its path on the host, and its path in the
   * jail.
   */
  socket?: { path: string; inside: string };
  environment: Readonly<Record<string, string>>;
}

/**
 * Limits that the kernel enforces; each applies to one process, except
 * `processes`.
 */
export interface KernelLimits {
  /** Number of processes and threads of the jail together. */
  processes: number;
  /** Number of open files. */
  files: number;
  /** Size of one file, in MiB. */
  fileMib: number;
  /** Private memory of one process that is not backed by a file, in MiB. */
  dataMib: number;
  /** Processor time in seconds; no limit when absent. */
  cpuSeconds?: number | undefined;
}

/**
 * All arguments of bubblewrap but the program; they contain the environment.
 */
export function bubblewrapArguments(way: JailMethod, walls: SandboxRules): string[] {
  const { project, visible, opened, hidden, home, etc, socket, environment } = walls;
  const shown = [project, ...visible];
  return [
    ...namespaces(way),
    '--die-with-parent',
    ...['--cap-drop', 'ALL'],
    ...(way.kind === 'root' ? rootNeeds() : []),
    ...systemMounts(),
    ...(etc ? ETC_FILES.flatMap((name) => ['--ro-bind', `${etc}/${name}`, `/etc/${name}`]) : []),
    ...['--proc', '/proc', '--dev', '/dev'],
    ...memoryFolder('/dev/shm'),
    ...['--remount-ro', '/dev'],
    ...memoryFolder('/tmp'),
    ...folders([...shown, ...(socket ? [socket.inside] : [])]),
    ...['--ro-bind', project, project],
    // A visible path may have been removed in the meantime: the jail then
    // starts without it.
    ...visible.flatMap((path) => ['--ro-bind-try', path, path]),
    // A missing read-only mount fails the start, because it protects something.
    ...opened.flatMap(({ path, writable }) => [writable ? '--bind-try' : '--ro-bind', path, path]),
    ...hidden.flatMap(hide),
    ...(home ? [...folders([home]), '--bind', home, home] : []),
    ...hidden.flatMap(({ path, kind }) => (kind === 'file' ? [] : ['--remount-ro', path])),
    ...(socket ? ['--ro-bind', socket.path, socket.inside] : []),
    ...['--remount-ro', '/'],
    ...Object.entries(environment).flatMap(([name, value]) => ['--setenv', name, value]),
  ];
}

/**
 * The whole command line: mounts, limits, an unprivileged user, the program.
 * @param bubblewrap the arguments of bubblewrap itself
 */
export function jailedCommand(
  way: JailMethod,
  { project, cwd = project }: Pick<SandboxRules, 'project' | 'cwd'>,
  limits: KernelLimits,
  program: readonly string[],
  bubblewrap: readonly string[],
  uid = FIRST_UID,
): string[] {
  const { processes, files, fileMib, dataMib, cpuSeconds } = limits;
  const mib = (count: number) => count * 1024 * 1024;
  return [
    ...(way.idmap ? [way.idmap, IDMAP, process.arch, project, `${uid}`, `${uid}`, '--'] : []),
    ...[way.bwrap, ...bubblewrap, '--', way.prlimit],
    `--nproc=${countsByJail(way) ? processes : processes * SHARED_BY}`,
    ...[`--nofile=${files}`, ...(cpuSeconds ? [`--cpu=${cpuSeconds}`] : []), '--core=0'],
    ...[`--fsize=${mib(fileMib)}`, `--data=${mib(dataMib)}`],
    ...(way.kind === 'root' ? unprivileged(way, uid) : []),
    // Possibly only the script's user may enter the project, so that the shell
    // changes the directory and not bubblewrap.
    ...['/bin/sh', '-c', 'cd -- "$0" && exec "$@"', cwd],
    ...program,
  ];
}

/**
 * The user ID of the n-th jail of this process. Each jail has its own, because
 * the kernel counts processes by user. Without idmapped mounts the ID is always
 * the same, so that an operator can give that user rights.
 */
export const jailUid = ({ idmap }: JailMethod, slot: number): number =>
  idmap ? FIRST_UID + 1 + (process.pid % 4_000_000) * 64 + (slot % 64) : FIRST_UID;

/**
 * Whether the kernel counts the processes of each jail separately: by its user,
 * or by its user namespace (since Linux 5.14). Otherwise the limit would count
 * the processes of other jails.
 */
function countsByJail({ kind, idmap }: JailMethod): boolean {
  if (kind === 'root') return idmap !== undefined;
  const [major, minor] = release().split('.').map(Number) as [number, number];
  return major > 5 || (major === 5 && minor >= 14);
}

function namespaces({ kind }: JailMethod): string[] {
  const own = ['ipc', 'pid', 'net', 'uts'].map((name) => `--unshare-${name}`);
  const user = ['--unshare-user', '--uid', `${INSIDE_UID}`, '--gid', `${INSIDE_UID}`];
  const name = ['--unshare-cgroup-try', '--hostname', 'mission'];
  return [...own, ...name, ...(kind === 'user' ? user : [])];
}

/**
 * Capabilities to change the user; they are dropped before the script starts.
 */
const rootNeeds = () =>
  ['SETUID', 'SETGID', 'SETPCAP'].flatMap((name) => ['--cap-add', `CAP_${name}`]);

const unprivileged = ({ setpriv }: JailMethod, uid: number): string[] => [
  ...[setpriv!, '--reuid', `${uid}`, '--regid', `${uid}`, '--clear-groups'],
  ...['--inh-caps=-all', '--ambient-caps=-all', '--bounding-set=-all'],
];

const memoryFolder = (path: string): string[] => [
  ...['--perms', '1777', '--size', `${MEMORY_FOLDER_BYTES}`, '--tmpfs', path],
];

/**
 * Creates the directories above the paths, outermost first: those that
 * bubblewrap creates implicitly are closed to other users.
 */
function folders(paths: readonly string[]): string[] {
  const above = new Set<string>();
  for (const path of paths) {
    const names = path.split('/').slice(1, -1);
    names.forEach((_, i) => above.add(`/${names.slice(0, i + 1).join('/')}`));
  }
  const made = [...above].filter((path) => !/^\/((usr|proc)(\/|$)|(dev|dev\/shm|tmp)$)/.test(path));
  return made.flatMap((path) => ['--perms', '0755', '--dir', path]);
}

const hide = ({ path, kind }: SandboxRules['hidden'][number]): string[] =>
  kind === 'file' ? ['--ro-bind', '/dev/null', path] : ['--perms', '0755', '--tmpfs', path];
