import type { FileWatch } from '../files/file-watch.js';
import type { RunnerLimits } from './runner-limits.js';
import type { Runner } from './runner.js';

interface Waiter {
  resolve(runner: Runner): void;
  reject(error: Error): void;
}

/** A place in the queue for a runner. */
export interface Ticket {
  runner: Promise<Runner>;
  /** Leaves the queue, or returns the runner if it was granted already. */
  cancel(): void;
}

/** The functions that a pool needs from its owner. */
export interface PoolHost {
  start(watch: FileWatch): Runner;
  /**
   * Whether one more runner may start. If not, {@link RunnerPool.grow} is
   * called again when that may have changed.
   */
  hasRoom(): boolean;
  /** Called when a runner has ended. */
  onRoom(): void;
  /** Whether another script has calls waiting and no runner at all. */
  isWanted(): boolean;
}

/**
 * The warm runners of one version of one script; each serves one call at a
 * time. The pool begins with one runner and adds one whenever a call has waited
 * for a while.
 */
export class RunnerPool {
  private readonly runners = new Set<Runner>();
  private readonly idle: Runner[] = [];
  private readonly waiters: Waiter[] = [];
  private starting = false;
  private growth: NodeJS.Timeout | undefined;

  constructor(
    readonly watch: FileWatch,
    private readonly limits: RunnerLimits,
    private readonly host: PoolHost,
  ) {}

  get size(): number {
    return this.runners.size;
  }

  /** Calls wait, and the pool has no runner that could serve them. */
  get isStarved(): boolean {
    return this.waiters.length > 0 && this.size === 0;
  }

  get isUnused(): boolean {
    return this.waiters.length === 0 && this.size === 0;
  }

  /** Since when the least used runner has been idle. */
  get idleSince(): number | undefined {
    return this.idle[0]?.idleSince;
  }

  /** A free runner, if there is one; return it with {@link release}. */
  take(): Runner | undefined {
    return this.idle.pop();
  }

  /** Joins the queue for a runner. */
  wait(): Ticket {
    let waiter!: Waiter;
    const runner = new Promise<Runner>((resolve, reject) => (waiter = { resolve, reject }));
    this.waiters.push(waiter);
    this.grow();
    const giveBack = () => runner.then((given) => this.release(given)).catch(() => undefined);
    return { runner, cancel: () => void (remove(this.waiters, waiter) || giveBack()) };
  }

  /** Takes a runner back: the next waiting call gets it, or it is stopped. */
  release(runner: Runner): void {
    if (this.isUnusable(runner) || this.host.isWanted()) this.retire(runner);
    else this.give(runner);
  }

  /**
   * Starts a runner for waiting calls: at once if there is none, otherwise
   * after `growAfterMs`.
   */
  grow(): void {
    if (this.waiters.length === 0 || this.starting || this.growth) return;
    if (this.size === 0) return this.add();
    this.growth = setTimeout(() => {
      this.growth = undefined;
      if (this.waiters.length > 0) this.add();
    }, this.limits.growAfterMs);
  }

  /**
   * Stops idle runners that are unusable, were unused for long, or hold an old
   * version.
   */
  sweep(): void {
    const since = Date.now() - this.limits.idleMs;
    const isDue = (runner: Runner) => this.isUnusable(runner) || runner.idleSince < since;
    for (const runner of this.idle.filter(isDue)) this.retire(runner);
  }

  /** Stops the runner that has been idle longest. */
  evict(): void {
    if (this.idle[0]) this.retire(this.idle[0]);
  }

  /**
   * Rejects waiting calls and stops every runner; resolves when the processes
   * have ended.
   */
  async close(): Promise<void> {
    clearTimeout(this.growth);
    for (const waiter of this.waiters.splice(0)) waiter.reject(new Error('the pool is closed'));
    const runners = [...this.runners];
    for (const runner of runners) runner.kill();
    await Promise.all(runners.map((runner) => runner.ended));
  }

  private isUnusable(runner: Runner): boolean {
    const { calls, ageMs, memoryGrowthBytes } = this.limits;
    return (
      runner.unusable !== undefined ||
      runner.calls >= calls ||
      Date.now() - runner.startedAt >= ageMs ||
      runner.memoryGrowth > memoryGrowthBytes ||
      (this.watch.isStale && this.waiters.length === 0)
    );
  }

  private add(): void {
    if (this.size >= this.limits.perScript || !this.host.hasRoom()) return;
    let runner: Runner;
    try {
      runner = this.host.start(this.watch);
    } catch (error) {
      return this.refuse(error as Error);
    }
    this.starting = true;
    this.runners.add(runner);
    const overdue = setTimeout(() => runner.giveUpLoading(this.limits.loadMs), this.limits.loadMs);
    void runner.ended.then(() => this.onEnded(runner));
    void runner.ready
      .then(
        () => this.onReady(runner),
        (error) => this.onLoadFailed(runner, error),
      )
      .finally(() => clearTimeout(overdue));
  }

  private onReady(runner: Runner): void {
    this.starting = false;
    this.give(runner);
    this.grow();
  }

  /**
   * A script that cannot be loaded fails every waiting call, unless other
   * runners still serve.
   */
  private onLoadFailed(runner: Runner, error: Error): void {
    this.starting = false;
    this.runners.delete(runner);
    this.retire(runner);
    this.refuse(error);
  }

  private refuse(error: Error): void {
    if (this.size > 0) return;
    for (const waiter of this.waiters.splice(0)) waiter.reject(error);
  }

  private give(runner: Runner): void {
    const waiter = this.waiters.shift();
    if (waiter) waiter.resolve(runner);
    else this.idle.push(runner);
  }

  private retire(runner: Runner): void {
    remove(this.idle, runner);
    runner.kill();
  }

  private onEnded(runner: Runner): void {
    remove(this.idle, runner);
    this.runners.delete(runner);
    this.host.onRoom();
  }
}

/** Removes an item from a list; false if it is not there. */
function remove<T>(list: T[], item: T): boolean {
  const at = list.indexOf(item);
  if (at >= 0) list.splice(at, 1);
  return at >= 0;
}
