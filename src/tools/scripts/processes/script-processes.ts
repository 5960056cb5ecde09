import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';

import type { ProjectScript } from '../../../contracts/script.js';
import { EgressProxy } from '../../../sandbox/egress/egress-proxy.js';
import { relayed } from '../../../sandbox/egress/relayed.js';
import { Confines } from '../../../sandbox/confines.js';
import type { FileWatch } from '../files/file-watch.js';
import type { Grants } from '../../../sandbox/project/grants.js';
import { GroupReaper } from '../../../sandbox/processes/group-reaper.js';
import type { Jail } from '../../../sandbox/jail.js';
import { ProcessGroup } from '../../../sandbox/processes/process-group.js';
import { findPython, type Python } from './python.js';
import { Runner } from './runner.js';
import type { CallFolder, Scratch, ScratchHome } from '../../../sandbox/files/scratch.js';
import { shellCommand } from './shell-call.js';

/**
 * The runners are read from the source directory, also when the program runs
 * from `dist`: the build copies no plain files.
 */
const RUNNERS = join(import.meta.dirname, '../../../../src/tools/scripts/processes/inside');
const NODE = process.execPath;
const NODE_FLAGS = ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON'];
const PYTHON_FLAGS = ['-B', '-X', 'utf8'];

/** The process of one shell call. */
export interface ShellProcess {
  group: ProcessGroup;
  home: ScratchHome;
  folder: CallFolder;
  confines: Confines;
}

/** The parameters of a process start. */
interface Start {
  argv: readonly string[];
  stdio: readonly ('pipe' | 'ignore')[];
  home: ScratchHome;
  grants: Grants;
  confines: Confines;
  variables?: Record<string, string>;
}

/**
 * Starts every process that runs a script, and keeps track of the running ones.
 */
export class ScriptProcesses {
  private readonly reaper: GroupReaper;
  private readonly groups = new Set<ProcessGroup>();
  private readonly egress: EgressProxy | undefined;
  private python: Python | undefined;
  private closed = false;

  /**
   * @param cwd working directory of every script
   * @param environment the complete environment of every script
   * @param jail without it, processes have the rights of this one
   * @param visible paths that jailed scripts can read besides the system's
   */
  constructor(
    private readonly cwd: string,
    private readonly environment: Record<string, string>,
    private readonly scratch: Scratch,
    private readonly jail?: Jail,
    private readonly visible: readonly string[] = [],
  ) {
    this.reaper = new GroupReaper(scratch.directory);
    this.egress = jail && new EgressProxy(scratch.directory);
  }

  /** Looks up what the start of a runner for this language needs. */
  async prepare(language: ProjectScript['language']): Promise<void> {
    // A jailed script of any language may call Python.
    if (language === 'py' || this.jail) {
      this.python ??= await findPython(this.cwd, this.environment);
    }
  }

  /** Starts a process that loads the script and waits for calls. */
  startRunner(script: ProjectScript, watch: FileWatch, grants: Grants): Runner {
    const command =
      script.language === 'py'
        ? [this.python!.program, ...PYTHON_FLAGS, join(RUNNERS, 'python-runner.py')]
        : [NODE, ...NODE_FLAGS, join(RUNNERS, 'node-runner.mjs')];
    const stdio = ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'] as const;
    const home = this.scratch.home();
    const argv = [...command, script.file, ...(this.jail ? ['jailed'] : [])];
    const confines = this.confine(grants, home);
    const group = this.start({ argv, stdio, home, grants, confines });
    return new Runner(script, group, home, confines, (files) => watch.add(files));
  }

  /** Starts a process for one call of a shell script. */
  async startShell(script: ProjectScript, grants: Grants): Promise<ShellProcess> {
    const command = await shellCommand(script);
    const home = this.scratch.home();
    const folder = home.take();
    const variables = {
      TMPDIR: folder.scratch,
      MISSION_ARTIFACTS_DIR: home.artifacts.path,
      MISSION_SDK: join(RUNNERS, 'mission-sdk.sh'),
      ...(isBash(command) && { BASH_ENV: join(RUNNERS, 'bash-trap.sh') }),
    };
    const stdio = ['pipe', 'pipe', 'pipe', 'pipe', 'pipe'] as const;
    const confines = this.confine(grants, home);
    const group = this.start({ argv: command, stdio, home, grants, confines, variables });
    return { group, home, folder, confines };
  }

  /**
   * Kills all running processes; resolves when they have ended. No process can
   * be started afterwards.
   */
  async close(): Promise<void> {
    this.closed = true;
    const groups = [...this.groups];
    for (const group of groups) group.kill();
    await Promise.all(groups.map((group) => group.ended));
    this.egress?.close();
    await this.reaper.close();
  }

  private confine(grants: Grants, home: ScratchHome): Confines {
    return new Confines(this.cwd, grants, this.jail && home.directory);
  }

  private start(start: Start): ProcessGroup {
    if (this.closed) throw new Error('the worker is stopping and starts no more scripts');
    const { argv, stdio, home, variables } = start;
    const environment = { ...this.environment, ...variables };
    try {
      const group =
        this.jailed(start, environment) ??
        new ProcessGroup(argv, { cwd: this.cwd, env: environment, stdio: [...stdio] }, this.reaper);
      this.groups.add(group);
      void group.ended.then(() => this.groups.delete(group));
      return group;
    } catch (error) {
      void home.close();
      throw error;
    }
  }

  private jailed(start: Start, known: Record<string, string>): ProcessGroup | undefined {
    const { argv, stdio, home, grants, confines } = start;
    const folders = this.python?.folders ?? [];
    const places = [known['PATH'], ...folders.map((each) => join(each, 'bin')), dirname(NODE)];
    const path = places.join(':');
    // In a jail a missing program is only an exit code; the start without a
    // jail fails with the exact error.
    if (!this.jail || !isProgram(argv[0]!, path)) return undefined;
    const online = grants.hosts.length > 0 ? relayed(argv, stdio.length) : undefined;
    const environment = { ...known, PATH: path, HOME: '/tmp', ...online?.variables };
    const visible = [
      ...this.visible,
      NODE,
      RUNNERS,
      ...(online ? [online.visible] : []),
      ...folders,
    ];
    const egress = online && this.egress?.open(grants, (failure) => confines.onNetwork(failure));
    const walled = { stdio, home, grants, environment, visible: visible.filter(isOutside) };
    const program = { ...walled, argv: online?.argv ?? argv, socket: egress?.path };
    try {
      const group = this.jail.start(program, this.reaper);
      void group.ended.then(() => egress?.close());
      return group;
    } catch (error) {
      egress?.close();
      throw error;
    }
  }
}

/** Every jail contains the system's directories. */
const isOutside = (path: string) => !path.startsWith('/usr/');

/**
 * Whether the interpreter is bash: other shells cannot report which command
 * failed.
 */
const isBash = (command: readonly string[]) =>
  command.slice(0, -1).some((word) => /^(.*\/)?bash$/.test(word));

function isProgram(program: string, path: string): boolean {
  if (isAbsolute(program)) return existsSync(program);
  return path.split(':').some((folder) => existsSync(join(folder, program)));
}
