import { MAX_CALLS } from '../../../contracts/plan.js';

/** Number of calls of one answer that are read; the rest is ignored. */
export const MOST_CALLS = 2 * MAX_CALLS;

export interface AskOptions {
  timeoutMs: number;
  signal: AbortSignal;
  /** Called with each piece of the answer's text, as it arrives; a model that does not stream calls it never. */
  onText?(piece: string): void;
}
