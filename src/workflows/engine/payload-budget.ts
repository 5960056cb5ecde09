import { MAX_INLINE_BYTES } from '../../contracts/plan.js';
import type { Block } from '../../language/run/state/block.js';

/** Upper bounds on a run's payloads, in bytes of JSON. */
export interface Bounds {
  /** A larger value always goes by reference. */
  inline: number;
  /**
   * Sum of results in one workflow task. Concurrent branches share a task, which is one gRPC message of at most 4 MiB.
   */
  task: number;
  /**
   * Above this sum of inline results, results over `small` go by reference, because scopes travel in later payloads.
   */
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

/** Counts the bytes in the current workflow task and in the scopes, and decides which values may be inline. */
export class PayloadBudget {
  private taskBytes = 0;
  private scopeBytes = 0;

  constructor(readonly bounds: Bounds = BOUNDS) {}

  /** Counts the result of a local activity, which is in the current workflow task and may enter the scope. */
  countResult(bytes: number): void {
    this.taskBytes += bytes;
    this.scopeBytes += bytes;
  }

  /** Counts the result of a regular activity, which arrives in its own workflow task. */
  countActivityResult(bytes: number): void {
    this.scopeBytes += bytes;
  }

  /** Resets the count of the workflow task when a new one begins. */
  beginTask(): void {
    this.taskBytes = 0;
  }

  get isTaskFull(): boolean {
    return this.taskBytes > this.bounds.task;
  }

  /**
   * Bytes that a segment may return. Concurrent branches share the bound, since their results may end in one workflow
   * task.
   */
  roomBytes(block: Block): number {
    return Math.max(LEAST_BYTES, Math.floor(this.bounds.task / block.parallelism));
  }

  /** Bytes above which a value goes by reference. */
  inlineBytes(block: Block): number {
    const { inline, small, scope } = this.bounds;
    return Math.min(this.scopeBytes > scope ? small : inline, this.roomBytes(block));
  }
}

/** Length of a value's JSON in characters, as an estimate of its bytes. */
export const sizeOf = (value: unknown): number => JSON.stringify(value)?.length ?? 0;
