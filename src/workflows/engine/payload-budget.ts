import { MAX_INLINE_BYTES } from '../../contracts/plan.js';
import type { Block } from '../../language/run/state/block.js';

/** Bounds of a run's payloads, in bytes of JSON. */
export interface Bounds {
  /** A larger value is never inline. */
  inline: number;
  /** Results of branches that run at once, in one workflow task: they travel in one message of at most 4 MiB. */
  task: number;
  /** Once so many bytes have come back inline, results over `small` go by reference: scopes travel, too. */
  scope: number;
  small: number;
}

const BOUNDS: Bounds = {
  inline: MAX_INLINE_BYTES,
  task: 1024 * 1024,
  scope: 1024 * 1024,
  small: 8 * 1024,
};
const LEAST_BYTES = 1024;

/** Counts what a run puts into the current workflow task and into its scopes, and says what may still be inline. */
export class PayloadBudget {
  private taskBytes = 0;
  private scopeBytes = 0;

  constructor(readonly bounds: Bounds = BOUNDS) {}

  /** A result of a local activity: it is in the current workflow task, and perhaps in the scope. */
  countResult(bytes: number): void {
    this.taskBytes += bytes;
    this.scopeBytes += bytes;
  }

  /** A result of an activity: it comes with a workflow task of its own. */
  countActivityResult(bytes: number): void {
    this.scopeBytes += bytes;
  }

  /** A new workflow task has begun. */
  beginTask(): void {
    this.taskBytes = 0;
  }

  get isTaskFull(): boolean {
    return this.taskBytes > this.bounds.task;
  }

  /** What a segment may return at once. Nested loops put several results into one workflow task. */
  roomBytes(block: Block): number {
    return Math.max(LEAST_BYTES, Math.floor(this.bounds.task / block.parallelism));
  }

  /** A value of more bytes goes by reference. */
  inlineBytes(block: Block): number {
    const { inline, small, scope } = this.bounds;
    return Math.min(this.scopeBytes > scope ? small : inline, this.roomBytes(block));
  }
}

/** Bytes of a value's JSON, counted in characters. */
export const sizeOf = (value: unknown): number => JSON.stringify(value)?.length ?? 0;
