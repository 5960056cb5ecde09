import type { ThreadEvent } from '../../contracts/thread.js';

interface FollowerEvents {
  /** Called when the reader waits and there may be events. */
  onHungry(): void;
  onClose(): void;
}

/** Yields the events of one thread in their order, each once. It reads ahead only what one query gave. */
export class ThreadFollower implements AsyncIterableIterator<ThreadEvent> {
  /** True when there may be events that were not read. */
  dirty = true;
  private readonly kept: ThreadEvent[] = [];
  private waiting: ((result: IteratorResult<ThreadEvent, void>) => void) | undefined;
  private closed = false;

  constructor(
    readonly threadId: string,
    /** The sequence of the last event that was read. */
    public after: number,
    private readonly events: FollowerEvents,
  ) {}

  /** True while the reader waits. */
  get hungry(): boolean {
    return this.waiting !== undefined;
  }

  add(events: readonly ThreadEvent[]): void {
    for (const event of events) {
      if (event.seq <= this.after) continue;
      this.after = event.seq;
      this.kept.push(event);
    }
    const next = this.waiting && this.kept.shift();
    if (next) this.answer({ done: false, value: next });
  }

  next(): Promise<IteratorResult<ThreadEvent, void>> {
    const next = this.kept.shift();
    if (next) return Promise.resolve({ done: false, value: next });
    if (this.closed) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve) => {
      this.waiting = resolve;
      if (this.dirty) this.events.onHungry();
    });
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.events.onClose();
    this.answer({ done: true, value: undefined });
  }

  return(): Promise<IteratorResult<ThreadEvent, void>> {
    this.close();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  private answer(result: IteratorResult<ThreadEvent, void>): void {
    const { waiting } = this;
    this.waiting = undefined;
    waiting?.(result);
  }
}
