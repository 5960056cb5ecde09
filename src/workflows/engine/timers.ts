import { isCancellation } from '@temporalio/workflow';
import type { Json } from '../../contracts/json/json.js';
import { ContinueSignal } from './continue-signal.js';
import type { Engine } from './engine.js';
import type { Waiter } from '../../language/run/state/durable-effects.js';
import type { Mailbox } from './mailbox.js';
import type { RunClock } from './run-clock.js';
import { WaitingLine } from './waiting-line.js';

/** The timers of a run. A message ends the timers that wait for its topic. */
export class Timers {
  /** True once the run continues as new: all timers end, and no new interruptible timer starts. */
  private stopped = false;
  /** Wake functions of the timers in progress, each with the topic that ends the timer. */
  private readonly sleeping = new Map<() => void, string | undefined>();

  private readonly line = new WaitingLine((topic) => {
    if (this.mailbox.has(topic)) this.wake(topic);
  });

  /** @param onSlept called after each timer: a new workflow task has begun */
  constructor(
    private readonly engine: Engine,
    private readonly clock: RunClock,
    private readonly mailbox: Mailbox,
    private readonly onSlept: () => void,
  ) {
    mailbox.onMessage = (topic) => this.wake(topic);
  }

  /** Sleeps; only a cancellation ends the timer early. */
  async wait(ms: number, summary?: string): Promise<void> {
    await this.engine.sleep(Math.max(1, ms), summary);
    this.onSlept();
  }

  /** Sleeps until a time of the run's clock. A time after the run's deadline fails the run at the deadline. */
  async sleepUntil(untilMs: number, summary: string): Promise<void> {
    const end = Math.min(untilMs, this.clock.deadlineMs);
    while (this.clock.now() < end) await this.nap(end - this.clock.now(), summary);
    if (end < untilMs) this.clock.fail();
  }

  /** See {@link Effects.lineUp}. */
  lineUp(topic: string, sinceMs: number): Waiter {
    return this.line.lineUp(topic, sinceMs);
  }

  /** Waits for the next message of a topic and returns its payload; undefined when none arrives in time. */
  async receive(
    topic: string,
    untilMs: number,
    summary: string,
    waiter?: Waiter,
  ): Promise<Json | undefined> {
    const end = Math.min(untilMs, this.clock.deadlineMs);
    for (;;) {
      const message = this.mayTake(topic, waiter) ? this.mailbox.take(topic) : undefined;
      if (message) return message.payload;
      if (this.clock.now() >= end) break;
      await this.nap(end - this.clock.now(), summary, topic);
    }
    return end < untilMs ? this.clock.fail() : undefined;
  }

  /** True if the waiter may take a message now. Histories from before `signals-in-order` replay without the queue. */
  private mayTake(topic: string, waiter: Waiter | undefined): boolean {
    if (!waiter || !this.mailbox.has(topic) || this.line.isFirst(topic, waiter)) return true;
    return !this.engine.has('signals-in-order');
  }

  /**
   * Waits for a message and discards it. Neither the run's deadline nor continue-as-new ends this wait, only `untilMs`.
   */
  async receiveAnyway(topic: string, untilMs: number, summary: string): Promise<void> {
    while (!this.mailbox.take(topic) && this.clock.now() < untilMs) {
      await this.interruptible(untilMs - this.clock.now(), summary, topic);
    }
  }

  /**
   * Sleeps until `ms` passed or a message of the topic arrives. Throws ContinueSignal when the run continues as new.
   */
  async nap(ms: number, summary: string, topic?: string): Promise<void> {
    if (this.stopped) throw new ContinueSignal();
    await this.interruptible(ms, summary, topic);
    if (this.stopped) throw new ContinueSignal();
  }

  /** Ends all timers, because the run continues as new. */
  stop(): void {
    this.stopped = true;
    this.wake();
  }

  private wake(topic?: string): void {
    for (const [wake, awaited] of this.sleeping) {
      if (topic === undefined || topic === awaited) wake();
    }
  }

  private async interruptible(ms: number, summary: string, topic?: string): Promise<void> {
    const timer = this.engine.scope(() => this.wait(ms, summary));
    let woken = false;
    const wake = () => {
      woken = true;
      timer.cancel();
    };
    this.sleeping.set(wake, topic);
    try {
      await timer.done;
    } catch (thrown) {
      if (!woken || !isCancellation(thrown)) throw thrown;
    } finally {
      this.sleeping.delete(wake);
    }
  }
}
