import type { Waiter } from '../../language/run/state/effects.js';

/** Who waits for which topic, in the order in which they began. */
export class WaitingLine {
  private readonly lines = new Map<string, { waiter: Waiter; sinceMs: number }[]>();

  /** @param onLeft called when a place was given up: the next one may have something to take */
  constructor(private readonly onLeft: (topic: string) => void) {}

  /** Takes a place behind all that began no later. */
  lineUp(topic: string, sinceMs: number): Waiter {
    const waiter: Waiter = { leave: () => this.leave(topic, waiter) };
    const line = this.lines.get(topic) ?? [];
    this.lines.set(topic, line);
    const behind = line.findIndex((each) => each.sinceMs > sinceMs);
    line.splice(behind < 0 ? line.length : behind, 0, { waiter, sinceMs });
    return waiter;
  }

  /** Nobody who began earlier still waits for the topic. */
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
