import type { Limits } from '../plan.js';

/** What a run has used of its limits, its children's share included. */
export interface Spent {
  steps: number;
  iterations: number;
  spawns: number;
  /** Of models, input and output together. */
  tokens: number;
  cost_usd: number;
}

export const NOTHING_SPENT: Readonly<Spent> = {
  steps: 0,
  iterations: 0,
  spawns: 0,
  tokens: 0,
  cost_usd: 0,
};

/** What a child run may do at most: what its own Plan says, within what its parent has left. */
export interface RunBounds {
  /** `depth`: so many generations may follow. */
  limits: Limits;
  /** Its rights; null = those of the actor. */
  permissions: string[] | null;
  /** Epoch milliseconds at which its parent's time is over. */
  deadline_ms: number;
}
