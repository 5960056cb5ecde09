import { join } from 'node:path';

import type { ProjectScript } from '../../contracts/script.js';
import type { FileWatch } from './file-watch.js';
import { GroupReaper } from './group-reaper.js';
import { wrapCommand } from './jail.js';
import { ProcessGroup } from './process-group.js';
import { findPython } from './python.js';
import { Runner } from './runner.js';
import { shellCommand } from './shell-call.js';

/** Runners lie beside the source, also when we run from `dist`: the build copies no plain files. */
const RUNNERS = join(import.meta.dirname, '../../../src/tools/scripts/runners');
const NODE_FLAGS = ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON'];
const PYTHON_FLAGS = ['-B', '-X', 'utf8'];

/** Starts every process that runs a script, and knows those that live. */
export class ScriptProcesses {
  private readonly reaper: GroupReaper;
  private readonly groups = new Set<ProcessGroup>();
  private python: string | undefined;
  private closed = false;

  /**
   * @param cwd working directory of every script
   * @param environment all that a script gets to see
   * @param directory removed when this process dies without {@link close}
   */
  constructor(
    private readonly cwd: string,
    private readonly environment: Record<string, string>,
    directory: string,
  ) {
    this.reaper = new GroupReaper(directory);
  }

  /** What must be known before a runner of this language can be started. */
  async prepare(language: ProjectScript['language']): Promise<void> {
    if (language === 'py') this.python ??= await findPython(this.cwd, this.environment);
  }

  /** A process that loads the script and waits for calls. */
  startRunner(script: ProjectScript, watch: FileWatch): Runner {
    const command =
      script.language === 'py'
        ? [this.python!, ...PYTHON_FLAGS, join(RUNNERS, 'python-runner.py')]
        : [process.execPath, ...NODE_FLAGS, join(RUNNERS, 'node-runner.mjs')];
    const group = this.start([...command, script.file], ['ignore', 'pipe', 'pipe', 'pipe', 'pipe']);
    return new Runner(script, group, (files) => watch.add(files));
  }

  /** A process for one call of a shell script. */
  async startShell(script: ProjectScript, scratch: string): Promise<ProcessGroup> {
    const command = await shellCommand(script);
    return this.start(command, ['pipe', 'pipe', 'pipe'], { TMPDIR: scratch });
  }

  /** Kills all that live; resolves when they are gone. Nothing can be started afterwards. */
  async close(): Promise<void> {
    this.closed = true;
    const groups = [...this.groups];
    for (const group of groups) group.kill();
    await Promise.all(groups.map((group) => group.ended));
    await this.reaper.close();
  }

  private start(
    command: readonly string[],
    stdio: ('pipe' | 'ignore')[],
    variables: Record<string, string> = {},
  ): ProcessGroup {
    if (this.closed) throw new Error('no script is started any more');
    const options = { cwd: this.cwd, env: { ...this.environment, ...variables }, stdio };
    const group = new ProcessGroup(wrapCommand(command, []), options, this.reaper);
    this.groups.add(group);
    void group.ended.then(() => this.groups.delete(group));
    return group;
  }
}
