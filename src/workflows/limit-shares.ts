import type { Limits } from '../contracts/plan.js';
import type { Budget } from '../contracts/model-turn.js';
import { NOTHING_SPENT, type Spent } from '../contracts/run/spent.js';
import { roundUsd } from '../language/text/round-usd.js';

/** A segment in a concurrent block gets at most MAX_SHARE of a limit, and at most a SHARE_DIVISOR-th of the remainder. */
const MAX_SHARE = 500;
const SHARE_DIVISOR = 20;

/**
 * Shares of the run's limits. The workflow cannot see what running segments and child runs use, so their whole share
 * counts as spent until they end. Thereby all of them together keep to the limits.
 */
export class LimitShares {
  private waiting: (() => void)[] = [];

  /** @param taken number of shares that an earlier history of the run gave out */
  constructor(
    private readonly limits: Pick<Limits, keyof Spent>,
    private readonly spent: Spent,
    private taken = 0,
  ) {}

  get outstanding(): boolean {
    return this.taken > 0;
  }

  /** Reserves a share for a segment. A segment without concurrent work gets the whole remainder. */
  take(lanes: number): Spent {
    const of = (limit: keyof Spent) => {
      const left = this.left(limit);
      return lanes === 1 ? left : Math.min(MAX_SHARE, Math.ceil(left / SHARE_DIVISOR));
    };
    return this.give({ ...NOTHING_SPENT, steps: of('steps'), iterations: of('iterations') });
  }

  /** Reserves a share for a child run: an equal part of the remainder for each concurrent branch. */
  reserve(lanes: number): Spent {
    const of = (limit: keyof Spent) => Math.floor(this.left(limit) / lanes);
    const [steps, iterations, spawns] = [of('steps'), of('iterations'), of('spawns')];
    const cost_usd = this.left('cost_usd') / lanes;
    return this.give({ steps, iterations, spawns, tokens: of('tokens'), cost_usd });
  }

  /** The remainder for a model turn. Nothing is reserved: a smaller share would only truncate answers. */
  budget(): Budget {
    const { tokens, cost_usd } = this.limits;
    return {
      ...(tokens !== undefined && { tokens: this.left('tokens') }),
      ...(cost_usd !== undefined && { cost_usd: this.left('cost_usd') }),
    };
  }

  /** Reduces a share to what is needed. */
  trim(share: Spent, needed: Spent): void {
    this.add(difference(needed, share));
    this.wake();
  }

  giveBack(share: Spent, used: Spent): void {
    this.taken--;
    this.trim(share, used);
  }

  /** Resolves when a part of any share is returned. */
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
