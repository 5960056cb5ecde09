import type { Limits } from '../plan.js';

/** Usage of a run's limits, its child runs included. */
export interface Spent {
  steps: number;
  iterations: number;
  spawns: number;
  /** Model tokens, input and output together. */
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

/**
 * Bounds of a child run: the remainder of its parent's limits, and its parent's rights. Its own Plan may narrow them.
 */
export interface RunBounds {
  /** Upper bounds on the child's own limits. */
  limits: Limits;
  /** Permission tags; null = the rights of the actor. */
  permissions: string[] | null;
  /** Deadline of the parent, in epoch milliseconds. */
  deadline_ms: number;
}
