import type { Waiter } from '../../language/run/state/durable-effects.js';

/** Queues of waiters by topic, ordered by the time at which their steps began to wait. */
export class WaitingLine {
  private readonly lines = new Map<string, { waiter: Waiter; sinceMs: number }[]>();

  /** @param onLeft called with the topic when a waiter leaves, so that the next one can take a message */
  constructor(private readonly onLeft: (topic: string) => void) {}

  /** Enqueues a waiter behind all waiters whose `sinceMs` is not later. */
  lineUp(topic: string, sinceMs: number): Waiter {
    const waiter: Waiter = { leave: () => this.leave(topic, waiter) };
    const line = this.lines.get(topic) ?? [];
    this.lines.set(topic, line);
    const behind = line.findIndex((each) => each.sinceMs > sinceMs);
    line.splice(behind < 0 ? line.length : behind, 0, { waiter, sinceMs });
    return waiter;
  }

  /** True if the waiter is the first in the queue of the topic, or the queue is empty. */
  isFirst(topic: string, waiter: Waiter): boolean {
    const first = this.lines.get(topic)?.[0];
    return first === undefined || first.waiter === waiter;
  }

  private leave(topic: string, waiter: Waiter): void {
    const rest = (this.lines.get(topic) ?? []).filter((each) => each.waiter !== waiter);
    if (rest.length > 0) this.lines.set(topic, rest);
    else this.lines.delete(topic);
    this.onLeft(topic);
  }
}
