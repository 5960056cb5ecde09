import { setTimeout as sleep } from 'node:timers/promises';
import { MissionError } from '../contracts/errors.js';
import { logTail } from '../platform/servers/server-process.js';
import type { Running, Service } from './service.js';

export interface ProcessMonitorOptions {
  say(line: string): void;
  /**
   * Milliseconds before the first restart; doubled for each further exit within
   * the window.
   */
  backoffMs?: number;
  /** Called with the pid after each start. */
  onStart?(pid: number): void;
}

const MAX_EXITS = 5;
const WINDOW_MS = 60_000;
const MAX_BACKOFF_MS = 5_000;

/**
 * Keeps one service running: restarts it with back-off, and gives up after five
 * exits within a minute.
 */
export class ProcessMonitor {
  /** Rejects when the service is given up; never resolves. */
  readonly failed: Promise<never>;
  private fail!: (error: Error) => void;
  private running: Running | undefined;
  private starting: Promise<void> | undefined;
  private readonly stopping = new AbortController();
  private exits: number[] = [];

  constructor(
    readonly service: Service,
    private readonly options: ProcessMonitorOptions,
  ) {
    this.failed = new Promise<never>((_, reject) => (this.fail = reject));
    this.failed.catch(() => undefined);
  }

  get pid(): number | undefined {
    return this.running?.pid;
  }

  /** Starts the service for the first time; rejects when that fails. */
  async start(): Promise<void> {
    await this.launch();
    void this.watch();
  }

  /** Ends the service gracefully, also while it is starting. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.starting?.catch(() => undefined);
    await this.running?.stop();
  }

  /** Kills the service. */
  kill(): void {
    this.stopping.abort();
    if (this.running) killGroup(this.running.pid);
  }

  private async launch(): Promise<void> {
    const begin = this.service.start().then((running) => void (this.running = running));
    this.starting = begin;
    await begin;
    if (this.running) this.options.onStart?.(this.running.pid);
  }

  private async watch(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      const reason = await this.end();
      if (this.stopping.signal.aborted || this.isHopeless(reason)) return;
      await this.pause(reason);
    }
  }

  /**
   * Waits until the running service ends, or starts it if it is not running;
   * resolves with the reason of the end.
   */
  private async end(): Promise<string> {
    try {
      if (!this.running) await this.launch();
      const reason = (await this.running?.ended) ?? '';
      this.running = undefined;
      return reason;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  private isHopeless(reason: string): boolean {
    const now = Date.now();
    this.exits = [...this.exits.filter((at) => at > now - WINDOW_MS), now];
    if (this.exits.length < MAX_EXITS) return false;
    const { name, logFile } = this.service;
    this.fail(
      new MissionError(
        'unavailable',
        `The ${name} ended ${MAX_EXITS} times within a minute, the last time with ${reason}. The end of ${logFile}:\n${logTail(logFile)}`,
      ),
    );
    return true;
  }

  private async pause(reason: string): Promise<void> {
    const { backoffMs = 250, say } = this.options;
    const delay = Math.min(MAX_BACKOFF_MS, backoffMs * 2 ** (this.exits.length - 1));
    say(`The ${this.service.name} exited (${reason}); it is restarted in ${delay / 1000} s.`);
    await sleep(delay, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }
}

function killGroup(pid: number): void {
  for (const target of [-pid, pid]) {
    try {
      process.kill(target, 'SIGKILL');
    } catch {
      // The process has ended already.
    }
  }
}
