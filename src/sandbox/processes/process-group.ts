import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { constants } from 'node:os';
import type { Readable, Writable } from 'node:stream';

import type { GroupReaper } from './group-reaper.js';

/** The end of a process: an exit code, a signal, or the error of a start that failed. */
export interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
  error?: NodeJS.ErrnoException;
  /**
   * Why Mission Control killed the process, where the process itself did
   * nothing wrong.
   */
  why?: string;
}

/**
 * A process that left its group may hold the pipes open after the rest has
 * ended, so that they are closed after this time.
 */
const DRAIN_MS = 250;

/** A child process that leads a group of its own, so that its children die with it. */
export class ProcessGroup {
  readonly child: ChildProcess;
  /**
   * The parent's ends of the child's descriptors; empty when the start failed
   * for lack of resources.
   */
  readonly stdio: readonly (Readable | Writable | null | undefined)[];
  /** Resolves when the leader has ended, its group is killed and its output is read. */
  readonly ended: Promise<Ending>;
  private why: string | undefined;

  constructor(
    [program, ...args]: readonly string[],
    private readonly options: {
      cwd: string;
      env: Record<string, string>;
      stdio: StdioOptions;
      /**
       * The leader is bubblewrap, which reports a signal that ended the script
       * as exit code 128 + signal.
       */
      jailed?: boolean;
    },
    private readonly reaper: GroupReaper,
  ) {
    const { cwd, env, stdio } = options;
    this.child = spawn(program!, args, { cwd, env, stdio, detached: true });
    if (this.child.pid !== undefined) reaper.watch(this.child.pid);
    this.stdio = this.child.stdio ?? [];
    for (const stream of this.stdio) stream?.on('error', () => undefined);
    this.ended = this.watch();
  }

  /**
   * Sends SIGKILL to the leader and its group; `ended` resolves when they are
   * gone.
   * @param why the reason, where the processes did nothing wrong
   */
  kill(why?: string): void {
    this.why ??= why;
    if (this.child.pid === undefined) return;
    try {
      process.kill(-this.child.pid, 'SIGKILL');
    } catch {
      // The group has no member left.
    }
  }

  private watch(): Promise<Ending> {
    return new Promise((resolve) => {
      this.child.once('error', (error) => {
        if (this.child.pid === undefined) resolve({ code: null, signal: null, error });
      });
      this.child.once('exit', () => this.onLeaderExit());
      this.child.once('close', (code, signal) => resolve(this.endingOf({ code, signal })));
    });
  }

  /**
   * Translates the exit code of bubblewrap to the script's signal and adds the
   * reason of a kill.
   */
  endingOf(ending: Ending): Ending {
    if (this.why !== undefined) return { ...ending, why: this.why };
    if (!this.options.jailed || (ending.code ?? 0) <= 128) return ending;
    const signals = Object.entries(constants.signals) as [NodeJS.Signals, number][];
    const signal = signals.find(([, number]) => number + 128 === ending.code)?.[0];
    return signal ? { code: null, signal } : ending;
  }

  private onLeaderExit(): void {
    this.kill();
    this.reaper.forget(this.child.pid!);
    const timer = setTimeout(() => {
      for (const stream of this.stdio) stream?.destroy();
    }, DRAIN_MS);
    this.child.once('close', () => clearTimeout(timer));
  }
}
