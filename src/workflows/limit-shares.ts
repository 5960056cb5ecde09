import type { Limits } from '../contracts/plan.js';
import type { Spent } from '../contracts/run.js';

/** What a segment that others may run beside may spend before it asks again. */
const MOST = 500;
const PART = 20;

/**
 * Segments and child runs spend out of sight. What one may spend counts as spent until it ends, so that
 * together they keep to the limits.
 */
export class LimitShares {
  private waiting: (() => void)[] = [];

  /** `taken`: shares that an earlier history of the run gave out. */
  constructor(
    private readonly limits: Pick<Limits, keyof Spent>,
    private readonly spent: Spent,
    private taken = 0,
  ) {}

  get outstanding(): boolean {
    return this.taken > 0;
  }

  /** For a segment. One that nothing runs beside may spend everything. */
  take(lanes: number): Spent {
    const of = (limit: keyof Spent) => {
      const left = this.left(limit);
      return lanes === 1 ? left : Math.min(MOST, Math.ceil(left / PART));
    };
    return this.give({ steps: of('steps'), iterations: of('iterations'), spawns: 0 });
  }

  /** For a child run: as much as each of the lanes could have. */
  reserve(lanes: number): Spent {
    const of = (limit: keyof Spent) => Math.floor(this.left(limit) / lanes);
    return this.give({ steps: of('steps'), iterations: of('iterations'), spawns: of('spawns') });
  }

  /** A share turns out to be smaller. */
  trim(share: Spent, needed: Spent): void {
    this.add(difference(needed, share));
    this.wake();
  }

  giveBack(share: Spent, used: Spent): void {
    this.taken--;
    this.trim(share, used);
  }

  /** Resolves when something of a share is given back. */
  returned(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private left(limit: keyof Spent): number {
    return Math.max(0, this.limits[limit] - this.spent[limit]);
  }

  private give(share: Spent): Spent {
    this.add(share);
    this.taken++;
    return share;
  }

  private wake(): void {
    for (const resume of this.waiting.splice(0)) resume();
  }

  private add({ steps, iterations, spawns }: Spent): void {
    this.spent.steps += steps;
    this.spent.iterations += iterations;
    this.spent.spawns += spawns;
  }
}

const difference = (a: Spent, b: Spent): Spent => ({
  steps: a.steps - b.steps,
  iterations: a.iterations - b.iterations,
  spawns: a.spawns - b.spawns,
});
