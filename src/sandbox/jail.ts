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
/** Users that jails of this process have just now. */
const taken = new Set<number>();

export interface JailOptions {
  way: JailMethod;
  project: string;
  /** What no script may see, wherever it lies: `MISSION_HOME`, files of keys and secrets. */
  confidential: readonly string[];
  /** What no script may change, wherever it lies, unless its scope names it; besides what every project has. */
  closed: readonly PathEntry[];
  /** Told of what somebody changed in the project, so that a process had no wall around it until it was killed. */
  onBreach(path: string): void;
  /** Where a jail's own files are kept; scripts cannot write there. */
  directory: string;
  limits: KernelLimits;
}

/** A process, as it would be started without walls. */
export interface Program {
  argv: readonly string[];
  environment: Readonly<Record<string, string>>;
  stdio: readonly ('pipe' | 'ignore')[];
  /** Readable besides the system and the project. */
  visible: readonly string[];
  /** Where it starts; in the project when absent. */
  cwd?: string;
  /** Writable besides what its grants open; absent: it has /tmp only. */
  home?: ScratchHome;
  grants: Grants;
  /** Of the egress proxy. */
  socket?: string | undefined;
}

/**
 * The one place where a process gets its walls: bubblewrap with namespaces of its own for processes,
 * network, mounts and the rest; the project read-only but for granted paths; a private /tmp, /proc and /dev; an
 * unprivileged user without capabilities; a filter of system calls; limits that the kernel keeps. What it is told
 * travels in a pipe and not in arguments, which everybody on the machine can read.
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
   * Starts a program behind its walls.
   * @throws MissionError where something in the project cannot be walled
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
    const told = [...bubblewrapArguments(way, this.walls(program, walls))];
    const [argsFd, filterFd] = [stdio.length, stdio.length + 1];
    const filter = this.filter === undefined ? undefined : openSync(this.filter, 'r');
    if (filter !== undefined) told.push('--seccomp', String(filterFd));
    const flags = ['--args', String(argsFd)];
    const command = jailedCommand(way, { project, cwd }, limits, argv, flags, uid);
    const all = [...stdio, 'pipe' as const, ...(filter === undefined ? [] : [filter])];
    const group = new ProcessGroup(
      command,
      { cwd: '/', env: {}, stdio: all, jailed: true },
      reaper,
    );
    if (filter !== undefined) closeSync(filter);
    (group.stdio[argsFd] as Writable | undefined)?.end(told.map((word) => `${word}\0`).join(''));
    const unwatch = this.watch.begin(walls.looks, (path) => this.breach(group, path));
    void group.ended.then(() => {
      unwatch();
      taken.delete(slot);
    });
    return group;
  }

  /** Somebody outside has taken a wall away. */
  private breach(group: ProcessGroup, path: string): void {
    const name = relative(this.options.project, path);
    group.kill(
      `somebody replaced or made ${name} in the project, and walls do not stand around the new one`,
    );
    this.options.onBreach(path);
  }

  /** Inside the project the script has the rights of the project's owner. */
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

  /** More processes than slots share users, and with them the bound on processes. */
  private takeSlot(): number {
    let slot = 0;
    while (taken.has(slot) && slot < SLOTS - 1) slot += 1;
    taken.add(slot);
    return slot;
  }
}
