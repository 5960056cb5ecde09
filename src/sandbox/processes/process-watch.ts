import { setPriority } from 'node:os';

import { readTree } from './process-tree.js';

/**
 * Bounds for all processes of a call together; the kernel has no such limits
 * without cgroups.
 */
export interface WatchLimits {
  memoryMib: number;
  /** Upper bound on what a call writes to disks, in MiB. */
  diskMib: number;
  processes: number;
}

interface Watched {
  pid: number;
  /**
   * Bytes written before the call; undefined until they are read for the first
   * time.
   */
  baseline: number | undefined;
  since: number;
  onExceeded(what: string): void;
}

const EVERY_MS = 150;
const MIB = 1024 * 1024;
/**
 * Processes that form the jail (bubblewrap and its helpers); the kernel's own
 * limit does not count them.
 */
const JAIL_TASKS = 16;
/** After this time a call gets a lower scheduling priority. */
const LONG_CALL_MS = 2_000;
const LOW_PRIORITY = 5;
/**
 * With more tasks than this a call gets the lowest priority at once: each task
 * would otherwise get as much processor time as the worker.
 */
const MANY_TASKS = 40;
const LOWEST_PRIORITY = 19;

/**
 * Checks the processes of the running calls at an interval. Calls shorter than
 * the interval are never checked and cost nothing.
 */
export class ProcessWatch {
  private readonly watched = new Set<Watched>();
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly limits: WatchLimits,
    private readonly everyMs = EVERY_MS,
  ) {
    this.timer = setInterval(() => this.checkAll(), everyMs).unref();
  }

  /**
   * Watches the process tree of `pid` until the returned function is called.
   * @param fresh true when the process has served no call before
   */
  begin(pid: number | undefined, fresh: boolean, onExceeded: (what: string) => void): () => void {
    if (pid === undefined) return () => undefined;
    const baseline = fresh ? 0 : undefined;
    const watched: Watched = { pid, baseline, since: Date.now(), onExceeded };
    this.watched.add(watched);
    return () => this.watched.delete(watched);
  }

  close(): void {
    clearInterval(this.timer);
  }

  private checkAll(): void {
    const before = Date.now() - this.everyMs / 2;
    for (const watched of this.watched) if (watched.since <= before) this.check(watched);
  }

  private check(watched: Watched): void {
    const { pids, tasks, memory, written } = readTree(
      watched.pid,
      this.limits.processes + JAIL_TASKS,
    );
    watched.baseline ??= written;
    const what = this.exceeded(tasks, memory, written - watched.baseline);
    if (what) {
      this.watched.delete(watched);
      return watched.onExceeded(what);
    }
    const nice =
      tasks > MANY_TASKS
        ? LOWEST_PRIORITY
        : Date.now() - watched.since > LONG_CALL_MS
          ? LOW_PRIORITY
          : 0;
    if (nice > 0) for (const pid of pids) lowerPriority(pid, nice);
  }

  private exceeded(tasks: number, memory: number, written: number): string | undefined {
    const { memoryMib, diskMib, processes } = this.limits;
    if (memory > memoryMib * MIB) {
      return `it held ${Math.ceil(memory / MIB)} MiB of memory, more than ${memoryMib}`;
    }
    if (written > diskMib * MIB) {
      return `it wrote ${Math.ceil(written / MIB)} MiB to the disk, more than ${diskMib}`;
    }
    if (tasks > processes + JAIL_TASKS)
      return `it had ${tasks} processes and threads, more than ${processes}`;
    return undefined;
  }
}

function lowerPriority(pid: number, nice: number): void {
  try {
    setPriority(pid, nice);
  } catch {
    // The process has ended.
  }
}
