import { existsSync } from 'node:fs';

import type { ProjectScript } from '../../../contracts/script.js';
import { FileWatch } from '../files/file-watch.js';
import type { Grants } from '../../../sandbox/project/grants.js';
import type { RunnerLimits } from './runner-limits.js';
import { RunnerPool, type PoolHost } from './runner-pool.js';
import type { Runner } from './runner.js';
import { scriptFailure } from './script-failure.js';

const SWEEP_MS = 5_000;

/** A script together with the rights that a certain principal runs it with. */
export interface Tenant {
  script: ProjectScript;
  grants: Grants;
  /** Equal for all calls that may share a process. */
  key: string;
}

/**
 * One pool per tenant. A changed script file gets a new pool; the old pool
 * finishes its current calls.
 */
export class RunnerPools {
  private readonly current = new Map<string, RunnerPool>();
  private readonly all = new Set<RunnerPool>();
  private readonly sweeper: NodeJS.Timeout;

  constructor(
    private readonly limits: RunnerLimits,
    private readonly start: (tenant: Tenant, watch: FileWatch) => Runner,
  ) {
    this.sweeper = setInterval(() => this.sweep(), Math.min(SWEEP_MS, limits.idleMs)).unref();
  }

  /**
   * The pool for the script as it is on disk now.
   * @throws MissionError `script_not_available` when the file is gone
   */
  of(tenant: Tenant): RunnerPool {
    const { script, key } = tenant;
    const pool = this.current.get(key);
    if (pool && !pool.watch.isStale) return pool;
    if (!existsSync(script.file)) throw scriptFailure.missing(script.name, script.file);
    pool?.sweep();
    return this.add(tenant);
  }

  /** Rejects waiting calls; stops every runner and waits for its end. */
  async close(): Promise<void> {
    clearInterval(this.sweeper);
    await Promise.all([...this.all].map((pool) => pool.close()));
  }

  private add(tenant: Tenant): RunnerPool {
    const host: PoolHost = {
      start: (watch) => this.start(tenant, watch),
      hasRoom: () => this.hasRoom(),
      onRoom: () => this.share(),
      isWanted: () => this.isFull && [...this.all].some((pool) => pool.isStarved),
    };
    const pool = new RunnerPool(new FileWatch([tenant.script.file]), this.limits, host);
    this.current.set(tenant.key, pool);
    this.all.add(pool);
    return pool;
  }

  private get isFull(): boolean {
    let size = 0;
    for (const pool of this.all) size += pool.size;
    return size >= this.limits.total;
  }

  /**
   * Whether another runner may start. If not, the runner that has been idle
   * longest is stopped; `onRoom` is called when it has ended.
   */
  private hasRoom(): boolean {
    if (!this.isFull) return true;
    const idle = [...this.all].filter((pool) => pool.idleSince !== undefined);
    idle.sort((a, b) => a.idleSince! - b.idleSince!)[0]?.evict();
    return false;
  }

  /** Lets the pools grow, first those with waiting calls and no runner. */
  private share(): void {
    const pools = [...this.all].sort((a, b) => Number(b.isStarved) - Number(a.isStarved));
    for (const pool of pools) pool.grow();
  }

  private sweep(): void {
    for (const pool of this.all) pool.sweep();
    for (const pool of this.all) {
      if (pool.isUnused && ![...this.current.values()].includes(pool)) this.all.delete(pool);
    }
    for (const [key, pool] of this.current) {
      if (pool.isUnused) {
        this.current.delete(key);
        this.all.delete(pool);
      }
    }
  }
}
