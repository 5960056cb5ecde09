import { closeSync, openSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Writable } from 'node:stream';

import { writeEtcFiles } from './bubblewrap/etc-files.js';
import type { JailMethod } from './bubblewrap/jail-method.js';
import {
  bubblewrapArguments,
  jailedCommand,
  jailUid,
  type KernelLimits,
  type SandboxRules,
} from './bubblewrap/jailed-command.js';
import { seccompFilter } from './bubblewrap/seccomp.js';
import { INSIDE_SOCKET } from './egress/relayed.js';
import type { PathEntry } from './project/expand-scope.js';
import type { Grants } from './project/grants.js';
import { ProcessGroup } from './processes/process-group.js';
import type { GroupReaper } from './processes/group-reaper.js';
import { protectedPathsOf } from './project/protected-paths.js';
import { projectRules, type ProjectRules } from './project/project-rules.js';
import type { ScratchHome } from './files/scratch.js';
import { MountWatch } from './project/mount-watch.js';

const SLOTS = 64;
/** User slots that jails of this process use at the moment. */
const taken = new Set<number>();

export interface JailOptions {
  way: JailMethod;
  project: string;
  /**
   * Paths that no script may see, wherever they are: `MISSION_HOME`, key files
   * and secret files.
   */
  confidential: readonly string[];
  /**
   * Paths that no script may change unless its scope names them, besides those
   * that every project has.
   */
  closed: readonly PathEntry[];
  /**
   * Called with a protected path that was replaced from outside, so that a
   * process could reach it until it was killed.
   */
  onBreach(path: string): void;
  /** Directory for the jail's own files; scripts cannot write there. */
  directory: string;
  limits: KernelLimits;
}

/** A program and its rights. */
export interface Program {
  argv: readonly string[];
  environment: Readonly<Record<string, string>>;
  stdio: readonly ('pipe' | 'ignore')[];
  /** Readable paths besides the system and the project. */
  visible: readonly string[];
  /** Working directory; the project when absent. */
  cwd?: string;
  /**
   * Writable directory besides the granted paths; without one the process can
   * only write in /tmp.
   */
  home?: ScratchHome;
  grants: Grants;
  /**
   * Path of the egress proxy's socket; without one the process has no network.
   */
  socket?: string | undefined;
}

/**
 * The one place where a process is jailed: bubblewrap with namespaces for
 * processes, network, mounts and the rest; the project read-only except granted
 * paths; a private /tmp, /proc and /dev; an unprivileged user without
 * capabilities; a filter of system calls; limits that the kernel enforces. Its
 * arguments travel in a pipe and not on the command line, which everybody on
 * the machine can read.
 */
export class Jail {
  private readonly filter: string | undefined;
  private readonly etc: string;
  private readonly watch = new MountWatch();

  constructor(private readonly options: JailOptions) {
    const { way, directory } = options;
    this.etc = join(directory, 'etc');
    const slots = Array.from({ length: SLOTS }, (_, slot) => jailUid(way, slot));
    writeEtcFiles(this.etc, way.kind === 'user' ? [1000] : [...new Set(slots)]);
    const filter = seccompFilter();
    if (filter) writeFileSync((this.filter = join(directory, 'seccomp.bpf')), filter);
  }

  /**
   * Starts a program in a jail.
   * @throws MissionError where a protected path in the project cannot be
   * mounted over
   */
  start(program: Program, reaper: GroupReaper): ProcessGroup {
    const { way, project, limits, closed, confidential } = this.options;
    const { argv, stdio, home, grants, cwd = project, visible } = program;
    const walls = projectRules(
      project,
      grants,
      protectedPathsOf(project, closed, confidential, visible),
    );
    const slot = this.takeSlot();
    const uid = jailUid(way, slot);
    if (way.kind === 'root') home?.giveTo(this.ownerOf(home.directory, uid));
    const mounts = [...bubblewrapArguments(way, this.walls(program, walls))];
    const [argsFd, filterFd] = [stdio.length, stdio.length + 1];
    const filter = this.filter === undefined ? undefined : openSync(this.filter, 'r');
    if (filter !== undefined) mounts.push('--seccomp', String(filterFd));
    const flags = ['--args', String(argsFd)];
    const command = jailedCommand(way, { project, cwd }, limits, argv, flags, uid);
    const all = [...stdio, 'pipe' as const, ...(filter === undefined ? [] : [filter])];
    const group = new ProcessGroup(
      command,
      { cwd: '/', env: {}, stdio: all, jailed: true },
      reaper,
    );
    if (filter !== undefined) closeSync(filter);
    (group.stdio[argsFd] as Writable | undefined)?.end(
      mounts.map((argument) => `${argument}\0`).join(''),
    );
    const unwatch = this.watch.begin(walls.identities, (path) => this.breach(group, path));
    void group.ended.then(() => {
      unwatch();
      taken.delete(slot);
    });
    return group;
  }

  /**
   * Kills a process because a path under one of its mounts was replaced from
   * outside.
   */
  private breach(group: ProcessGroup, path: string): void {
    const name = relative(this.options.project, path);
    group.kill(
      `${name} in the project was replaced or created while the sandbox was in use, and the sandbox does not protect the new file`,
    );
    this.options.onBreach(path);
  }

  /**
   * The owner of the process's directory as the host sees it: with an idmapped
   * project, the script's user appears there as the project's owner.
   */
  private ownerOf(directory: string, uid: number): number {
    const { way, project } = this.options;
    const isInside = directory.startsWith(`${project}/`);
    return way.idmap && isInside ? statSync(project).uid : uid;
  }

  private walls(
    { environment, visible, home, socket }: Program,
    { opened, hidden }: ProjectRules,
  ): SandboxRules {
    return {
      project: this.options.project,
      visible,
      opened,
      hidden,
      ...(home && { home: home.directory }),
      etc: this.etc,
      ...(socket && { socket: { path: socket, inside: INSIDE_SOCKET } }),
      environment,
    };
  }

  /**
   * Processes beyond the number of slots share a user, and with it the limit on
   * processes.
   */
  private takeSlot(): number {
    let slot = 0;
    while (taken.has(slot) && slot < SLOTS - 1) slot += 1;
    taken.add(slot);
    return slot;
  }
}
