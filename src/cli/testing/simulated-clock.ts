import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as turn } from 'node:timers/promises';
import type { Branch } from '../../language/run/state/effects.js';

/** Thrown where work goes on in a branch that was given up. */
export class CutOff extends Error {}

/** Work that can be given up without the rest. */
interface Lane {
  cut: boolean;
  around: Lane | undefined;
}

interface Timer {
  at: number;
  fire(): void;
  lane?: Lane | undefined;
  /** What wakes it before its time. */
  topic?: string | undefined;
}

/** A clock that stands still while anything can be done, and then leaps to whatever happens next. */
export class SimulatedClock {
  private readonly timers = new Set<Timer>();
  private readonly lanes = new AsyncLocalStorage<Lane | undefined>();
  private failure: { thrown: unknown } | undefined;

  /** @param now epoch milliseconds */
  constructor(public now: number) {}

  /** Something happens at a time. */
  at(time: number, fire: () => void): void {
    this.timers.add({ at: time, fire });
  }

  /** Resolves at that time, or when its topic is woken. */
  async sleep(until: number, topic?: string): Promise<void> {
    this.check();
    const lane = this.lanes.getStore();
    if (until > this.now || topic !== undefined) {
      await new Promise<void>((fire) => this.timers.add({ at: until, fire, lane, topic }));
    }
    this.check();
  }

  wake(topic: string): void {
    this.fire((timer) => timer.topic === topic);
  }

  /** Begins work that can be given up. */
  branch(work: () => Promise<void>): Branch {
    const lane: Lane = { cut: false, around: this.lanes.getStore() };
    const ended = this.lanes.run(lane, work).then(
      () => true,
      (thrown: unknown) => (lane.cut && thrown instanceof CutOff ? false : Promise.reject(thrown)),
    );
    const cancel = () => {
      lane.cut = true;
      this.fire((timer) => isWithin(timer.lane, lane));
    };
    return { ended, cancel };
  }

  /** Throws in a branch that was given up. */
  check(): void {
    for (let lane = this.lanes.getStore(); lane; lane = lane.around) {
      if (lane.cut) throw new CutOff();
    }
  }

  /** Nothing more is to happen. */
  fail(thrown: unknown): never {
    this.failure ??= { thrown };
    throw thrown;
  }

  /** Lets time pass until the work has ended. */
  async drive<T>(work: Promise<T>): Promise<T> {
    let ended = false;
    const end = () => void (ended = true);
    work.then(end, end);
    for (;;) {
      await turn();
      if (this.failure) throw this.failure.thrown;
      if (ended) return work;
      this.leap();
    }
  }

  private leap(): void {
    const [next] = [...this.timers].sort((a, b) => a.at - b.at);
    if (!next) throw new Error('the run neither ends nor waits');
    this.now = Math.max(this.now, next.at);
    this.timers.delete(next);
    next.fire();
  }

  private fire(which: (timer: Timer) => boolean): void {
    for (const timer of [...this.timers].filter(which)) {
      this.timers.delete(timer);
      timer.fire();
    }
  }
}

const isWithin = (lane: Lane | undefined, around: Lane): boolean =>
  lane !== undefined && (lane === around || isWithin(lane.around, around));
