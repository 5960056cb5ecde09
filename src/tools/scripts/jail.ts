import { closeSync, existsSync, openSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Writable } from 'node:stream';

import { writeEtcFiles } from '../../platform/jail/etc-files.js';
import type { JailWay } from '../../platform/jail/jail-way.js';
import {
  bubblewrapArguments,
  jailedCommand,
  jailUid,
  type KernelLimits,
  type Walls,
} from '../../platform/jail/jailed-command.js';
import { seccompFilter } from '../../platform/jail/seccomp.js';
import type { Named } from './expand-scope.js';
import type { Grants } from './grants.js';
import { ProcessGroup } from './process-group.js';
import type { GroupReaper } from './group-reaper.js';
import { projectWalls } from './project-walls.js';
import type { ScratchHome } from './scratch.js';

const SLOTS = 64;
/** Where a jail that may use the network finds the egress proxy. */
export const INSIDE_SOCKET = '/run/mission/egress.sock';

export interface JailOptions {
  way: JailWay;
  project: string;
  /** What no script may see, wherever it lies: `MISSION_HOME`, files of keys and secrets. */
  confidential: readonly string[];
  /** Where a jail's own files are kept; scripts cannot write there. */
  directory: string;
  limits: KernelLimits;
}

/** A process of a script, as it would be started without walls. */
export interface Program {
  argv: readonly string[];
  environment: Readonly<Record<string, string>>;
  stdio: readonly ('pipe' | 'ignore')[];
  /** Readable besides the system and the project. */
  visible: readonly string[];
  home: ScratchHome;
  grants: Grants;
  /** Of the egress proxy. */
  socket?: string | undefined;
}

/**
 * The one place where a script's process gets its walls: bubblewrap with namespaces of its own for processes,
 * network, mounts and the rest; the project read-only but for granted paths; a private /tmp, /proc and /dev; an
 * unprivileged user without capabilities; a filter of system calls; limits that the kernel keeps. What it is told
 * travels in a pipe and not in arguments, which everybody on the machine can read.
 */
export class Jail {
  private readonly taken = new Set<number>();
  private readonly filter: string | undefined;
  private readonly etc: string;

  constructor(private readonly options: JailOptions) {
    const { way, directory } = options;
    this.etc = join(directory, 'etc');
    const slots = Array.from({ length: SLOTS }, (_, slot) => jailUid(way, slot));
    writeEtcFiles(this.etc, way.kind === 'user' ? [1000] : [...new Set(slots)]);
    const filter = seccompFilter();
    if (filter) writeFileSync((this.filter = join(directory, 'seccomp.bpf')), filter);
  }

  /** Starts a program behind its walls. */
  start(program: Program, reaper: GroupReaper): ProcessGroup {
    const { way, project, limits } = this.options;
    const { argv, stdio, home } = program;
    const slot = this.takeSlot();
    const uid = jailUid(way, slot);
    if (way.kind === 'root') home.giveTo(this.ownerOf(home.directory, uid));
    const told = [...bubblewrapArguments(way, this.walls(program))];
    const [argsFd, filterFd] = [stdio.length, stdio.length + 1];
    const filter = this.filter === undefined ? undefined : openSync(this.filter, 'r');
    if (filter !== undefined) told.push('--seccomp', String(filterFd));
    const flags = ['--args', String(argsFd)];
    const command = jailedCommand(way, { project }, limits, argv, flags, uid);
    const all = [...stdio, 'pipe' as const, ...(filter === undefined ? [] : [filter])];
    const group = new ProcessGroup(
      command,
      { cwd: '/', env: {}, stdio: all, jailed: true },
      reaper,
    );
    if (filter !== undefined) closeSync(filter);
    (group.stdio[argsFd] as Writable | undefined)?.end(told.map((word) => `${word}\0`).join(''));
    void group.ended.then(() => this.taken.delete(slot));
    return group;
  }

  /** Inside the project the script has the rights of the project's owner. */
  private ownerOf(directory: string, uid: number): number {
    const { way, project } = this.options;
    const isInside = directory.startsWith(`${project}/`);
    return way.idmap && isInside ? statSync(project).uid : uid;
  }

  private walls({ environment, visible, home, grants, socket }: Program): Walls {
    const { project } = this.options;
    return {
      project,
      visible,
      ...projectWalls(project, grants, this.confidential()),
      home: home.directory,
      etc: this.etc,
      ...(socket && { socket: { path: socket, inside: INSIDE_SOCKET } }),
      environment,
    };
  }

  /** As seen by way of the project, as far as it lies there. */
  private confidential(): Named[] {
    const { project, confidential } = this.options;
    const root = realpathSync(project);
    return confidential.flatMap((path): Named[] => {
      if (!existsSync(path)) return [];
      const seen = within(root, realpathSync(path), project);
      const kind = statSync(path).isDirectory() ? 'directory' : 'file';
      return seen === undefined ? [] : [{ path: seen, kind }];
    });
  }

  /** More processes than slots share users, and with them the bound on processes. */
  private takeSlot(): number {
    let slot = 0;
    while (this.taken.has(slot) && slot < SLOTS - 1) slot += 1;
    this.taken.add(slot);
    return slot;
  }
}

/** The path of something in a folder that also goes by another path. */
function within(folder: string, path: string, alias: string): string | undefined {
  const way = relative(folder, path);
  return way === '' || way.startsWith('..') ? undefined : join(alias, way);
}
