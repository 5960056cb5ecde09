import { setPriority } from 'node:os';

import { readTree } from './process-tree.js';

/** Bounds that the kernel does not keep for all processes of a call together. */
export interface WatchLimits {
  memoryMib: number;
  /** Written to disks during a call. */
  diskMib: number;
  processes: number;
}

interface Watched {
  pid: number;
  /** Written before the call. */
  baseline: number | undefined;
  since: number;
  onExceeded(what: string): void;
}

const EVERY_MS = 150;
const MIB = 1024 * 1024;
/** Those that make the jail, which the kernel does not count. */
const SLACK = 16;
/** A call that works for longer than this makes way for others. */
const MAKES_WAY_MS = 2_000;
const POLITE = 5;
/** So many are a crowd: each of them alone would get as much of the machine as we. */
const CROWD = 40;
const LAST = 19;

/** Looks at the processes of the calls under way. Short calls are over before it looks: they cost nothing. */
export class ProcessWatch {
  private readonly watched = new Set<Watched>();
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly limits: WatchLimits,
    private readonly everyMs = EVERY_MS,
  ) {
    this.timer = setInterval(() => this.look(), everyMs).unref();
  }

  /**
   * Watches the processes from `pid` on until the function that it returns is called.
   * @param fresh the process has served no call before
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

  private look(): void {
    const before = Date.now() - this.everyMs / 2;
    for (const watched of this.watched) if (watched.since <= before) this.lookAt(watched);
  }

  private lookAt(watched: Watched): void {
    const { pids, tasks, memory, written } = readTree(watched.pid, this.limits.processes + SLACK);
    watched.baseline ??= written;
    const what = this.exceeded(tasks, memory, written - watched.baseline);
    if (what) {
      this.watched.delete(watched);
      return watched.onExceeded(what);
    }
    const nice = tasks > CROWD ? LAST : Date.now() - watched.since > MAKES_WAY_MS ? POLITE : 0;
    if (nice > 0) for (const pid of pids) yieldTo(pid, nice);
  }

  private exceeded(tasks: number, memory: number, written: number): string | undefined {
    const { memoryMib, diskMib, processes } = this.limits;
    if (memory > memoryMib * MIB) {
      return `it held ${Math.ceil(memory / MIB)} MiB of memory, more than ${memoryMib}`;
    }
    if (written > diskMib * MIB) {
      return `it wrote ${Math.ceil(written / MIB)} MiB to the disk, more than ${diskMib}`;
    }
    if (tasks > processes + SLACK)
      return `it had ${tasks} processes and threads, more than ${processes}`;
    return undefined;
  }
}

function yieldTo(pid: number, nice: number): void {
  try {
    setPriority(pid, nice);
  } catch {
    // It has ended.
  }
}
