/** A bound on things done at the same time, first come first served. */
export class Semaphore {
  private readonly queue: (() => void)[] = [];

  constructor(private free: number) {}

  /** A place when there is one; `cancel` gives it up, whether it came or not. */
  wait(): { ready: Promise<void>; cancel(): void } {
    let take!: () => void;
    const ready = new Promise<void>((resolve) => (take = resolve));
    if (this.free > 0) {
      this.free -= 1;
      take();
    } else this.queue.push(take);
    return { ready, cancel: () => this.leave(take) };
  }

  /** Gives a place back. */
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
