/**
 * Limits the number of concurrent operations; waiters are served in order of
 * arrival.
 */
export class Semaphore {
  private readonly queue: (() => void)[] = [];

  constructor(private free: number) {}

  /**
   * Waits for a slot. `cancel` leaves the queue, or returns the slot if it was
   * granted already.
   */
  wait(): { ready: Promise<void>; cancel(): void } {
    let take!: () => void;
    const ready = new Promise<void>((resolve) => (take = resolve));
    if (this.free > 0) {
      this.free -= 1;
      take();
    } else this.queue.push(take);
    return { ready, cancel: () => this.leave(take) };
  }

  /** Returns a slot. */
  release(): void {
    const next = this.queue.shift();
    if (next) next();
    else this.free += 1;
  }

  private leave(take: () => void): void {
    const at = this.queue.indexOf(take);
    if (at >= 0) this.queue.splice(at, 1);
    else this.release();
  }
}
