import type { Limits } from '../contracts/plan.js';
import type { Budget } from '../contracts/model-turn.js';
import { NOTHING_SPENT, type Spent } from '../contracts/run/spent.js';
import { roundUsd } from '../language/text/round-usd.js';

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
    return this.give({ ...NOTHING_SPENT, steps: of('steps'), iterations: of('iterations') });
  }

  /** For a child run: as much as each of the lanes could have. */
  reserve(lanes: number): Spent {
    const of = (limit: keyof Spent) => Math.floor(this.left(limit) / lanes);
    const [steps, iterations, spawns] = [of('steps'), of('iterations'), of('spawns')];
    const cost_usd = this.left('cost_usd') / lanes;
    return this.give({ steps, iterations, spawns, tokens: of('tokens'), cost_usd });
  }

  /** What is left for a model turn. Nothing of it is set aside: an answer that is cut off helps nobody. */
  budget(): Budget {
    const { tokens, cost_usd } = this.limits;
    return {
      ...(tokens !== undefined && { tokens: this.left('tokens') }),
      ...(cost_usd !== undefined && { cost_usd: this.left('cost_usd') }),
    };
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
    return Math.max(0, (this.limits[limit] ?? 0) - this.spent[limit]);
  }

  private give(share: Spent): Spent {
    this.add(share);
    this.taken++;
    return share;
  }

  private wake(): void {
    for (const resume of this.waiting.splice(0)) resume();
  }

  private add(more: Spent): void {
    for (const limit of COUNTED) this.spent[limit] += more[limit];
    this.spent.cost_usd = roundUsd(this.spent.cost_usd);
  }
}

const COUNTED = Object.keys(NOTHING_SPENT) as (keyof Spent)[];

const difference = (a: Spent, b: Spent): Spent => {
  const pairs = COUNTED.map((limit) => [limit, a[limit] - b[limit]]);
  return Object.fromEntries(pairs) as unknown as Spent;
};
