import type { Limits } from '../contracts/plan.js';
import type { Spent } from '../contracts/run.js';

/** What a segment that others may run beside may spend before it asks again. */
const MOST = 500;
const PART = 20;

/** Segments spend out of sight. What one may spend counts as spent until it ends, so that together they keep to the limits. */
export class LimitShares {
  private taken = 0;
  private waiting: (() => void)[] = [];

  constructor(
    private readonly limits: Pick<Limits, keyof Spent>,
    private readonly spent: Spent,
  ) {}

  get outstanding(): boolean {
    return this.taken > 0;
  }

  /** A segment that nothing runs beside may spend everything. */
  take(lanes: number): Spent {
    const of = (limit: keyof Spent) => {
      const left = this.limits[limit] - this.spent[limit];
      return lanes === 1 ? left : Math.min(MOST, Math.ceil(left / PART));
    };
    const share = { steps: of('steps'), iterations: of('iterations') };
    this.add(share);
    this.taken++;
    return share;
  }

  giveBack(share: Spent, used: Spent): void {
    this.add({ steps: used.steps - share.steps, iterations: used.iterations - share.iterations });
    this.taken--;
    for (const resume of this.waiting.splice(0)) resume();
  }

  /** Resolves when the next share is given back. */
  returned(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private add({ steps, iterations }: Spent): void {
    this.spent.steps += steps;
    this.spent.iterations += iterations;
  }
}
