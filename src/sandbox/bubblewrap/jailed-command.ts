import { release } from 'node:os';
import { join } from 'node:path';
import type { JailMethod } from './jail-method.js';
import { ETC_FILES } from './etc-files.js';
import { systemMounts } from './system-mounts.js';

const IDMAP = join(import.meta.dirname, '../../../src/sandbox/bubblewrap/inside/idmap.pl');
/** Ids that nothing else uses: systemd calls the range unused. */
export const FIRST_UID = 1_879_100_000;
const MEMORY_FOLDER_BYTES = 64 * 1024 * 1024;
/** Where the kernel counts the processes of jails together: a bound that keeps the machine alive. */
const SHARED_BY = 16;
/** Who the script is in a user namespace. */
const INSIDE_UID = 1000;

/** What a jailed process sees and may change. Paths are absolute. */
export interface SandboxRules {
  /** Readable. */
  project: string;
  /** The working directory; the project when absent. */
  cwd?: string;
  /** Readable besides: interpreters, runners. */
  visible: readonly string[];
  /** What of the project is writable, and what inside that is not; outermost first. All of it exists. */
  opened: readonly { path: string; writable: boolean }[];
  /** Inside the project, and not to be seen. */
  hidden: readonly { path: string; kind: 'directory' | 'file' }[];
  /** Its own directory, writable. */
  home?: string;
  /** Holds what {@link ETC_FILES} names. */
  etc?: string;
  /** Of a socket that leads out, and where it is seen. */
  socket?: { path: string; inside: string };
  environment: Readonly<Record<string, string>>;
}

/** Bounds that the kernel keeps, of one process each but for `processes`. */
export interface KernelLimits {
  /** Processes and threads of the jail together. */
  processes: number;
  /** Open files. */
  files: number;
  /** Of one file. */
  fileMib: number;
  /** Memory of one process that is neither shared nor a file's. */
  dataMib: number;
  /** Of the processor; absent: as long as it lives. */
  cpuSeconds?: number | undefined;
}

/** Everything that bubblewrap is told but for the program; the environment is in it. */
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
    // What was there a moment ago may be gone: it is then not there inside either.
    ...visible.flatMap((path) => ['--ro-bind-try', path, path]),
    // Not so what protects something.
    ...opened.flatMap(({ path, writable }) => [writable ? '--bind-try' : '--ro-bind', path, path]),
    ...hidden.flatMap(hide),
    ...(home ? [...folders([home]), '--bind', home, home] : []),
    ...hidden.flatMap(({ path, kind }) => (kind === 'file' ? [] : ['--remount-ro', path])),
    ...(socket ? ['--ro-bind', socket.path, socket.inside] : []),
    ...['--remount-ro', '/'],
    ...Object.entries(environment).flatMap(([name, value]) => ['--setenv', name, value]),
  ];
}

/** The whole command: walls, limits, an unprivileged user, the program. `bubblewrap` is what it is told. */
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
    // Only the script's user may be allowed to enter the project.
    ...['/bin/sh', '-c', 'cd -- "$0" && exec "$@"', cwd],
    ...program,
  ];
}

/**
 * The user of the n-th jail of this process. Each has one of its own: the kernel counts processes by user.
 * Without idmapped mounts it is always the same, so that an operator can give it rights.
 */
export const jailUid = ({ idmap }: JailMethod, slot: number): number =>
  idmap ? FIRST_UID + 1 + (process.pid % 4_000_000) * 64 + (slot % 64) : FIRST_UID;

/**
 * Whether the kernel counts the processes of each jail by itself: by its user, or by its user namespace, which it
 * does since 5.14. Otherwise a bound would count those of others.
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

/** What it takes to become somebody else; it is gone when the script begins. */
const rootNeeds = () =>
  ['SETUID', 'SETGID', 'SETPCAP'].flatMap((name) => ['--cap-add', `CAP_${name}`]);

const unprivileged = ({ setpriv }: JailMethod, uid: number): string[] => [
  ...[setpriv!, '--reuid', `${uid}`, '--regid', `${uid}`, '--clear-groups'],
  ...['--inh-caps=-all', '--ambient-caps=-all', '--bounding-set=-all'],
];

const memoryFolder = (path: string): string[] => [
  ...['--perms', '1777', '--size', `${MEMORY_FOLDER_BYTES}`, '--tmpfs', path],
];

/** The folders above paths, outermost first: those that bubblewrap itself makes are closed to others. */
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
