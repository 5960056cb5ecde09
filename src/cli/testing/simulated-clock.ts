import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as turn } from 'node:timers/promises';
import type { Branch } from '../../language/run/state/step-effects.js';

/** Thrown where work continues in a branch that was cancelled. */
export class CutOff extends Error {}

/** A branch of work that can be cancelled separately. */
interface BranchState {
  cut: boolean;
  around: BranchState | undefined;
}

interface Timer {
  at: number;
  fire(): void;
  branch?: BranchState | undefined;
  /** Waking this topic fires the timer early. */
  topic?: string | undefined;
}

/**
 * A clock that stands still while work can proceed, and then advances to the
 * next timer.
 */
export class SimulatedClock {
  private readonly timers = new Set<Timer>();
  private readonly branches = new AsyncLocalStorage<BranchState | undefined>();
  private failure: { thrown: unknown } | undefined;

  /** @param now epoch milliseconds */
  constructor(public now: number) {}

  /** Schedules a callback. */
  at(time: number, fire: () => void): void {
    this.timers.add({ at: time, fire });
  }

  /** Resolves at that time, or when its topic is woken. */
  async sleep(until: number, topic?: string): Promise<void> {
    this.check();
    const branch = this.branches.getStore();
    if (until > this.now || topic !== undefined) {
      await new Promise<void>((fire) => this.timers.add({ at: until, fire, branch, topic }));
    }
    this.check();
  }

  wake(topic: string): void {
    this.fire((timer) => timer.topic === topic);
  }

  /** Starts work that can be cancelled. */
  branch(work: () => Promise<void>): Branch {
    const branch: BranchState = { cut: false, around: this.branches.getStore() };
    const ended = this.branches.run(branch, work).then(
      () => true,
      (thrown: unknown) =>
        branch.cut && thrown instanceof CutOff ? false : Promise.reject(thrown),
    );
    const cancel = () => {
      branch.cut = true;
      this.fire((timer) => isWithin(timer.branch, branch));
    };
    return { ended, cancel };
  }

  /** @throws CutOff in a branch that was cancelled */
  check(): void {
    for (let branch = this.branches.getStore(); branch; branch = branch.around) {
      if (branch.cut) throw new CutOff();
    }
  }

  /** Ends the simulation with an error. */
  fail(thrown: unknown): never {
    this.failure ??= { thrown };
    throw thrown;
  }

  /** Advances the time until the work has ended. */
  async drive<T>(work: Promise<T>): Promise<T> {
    let ended = false;
    const end = () => void (ended = true);
    work.then(end, end);
    for (;;) {
      await turn();
      if (this.failure) throw this.failure.thrown;
      if (ended) return work;
      this.advance();
    }
  }

  private advance(): void {
    const [next] = [...this.timers].sort((a, b) => a.at - b.at);
    if (!next) throw new Error('the run neither ends nor waits: it repeats without time passing');
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

const isWithin = (branch: BranchState | undefined, around: BranchState): boolean =>
  branch !== undefined && (branch === around || isWithin(branch.around, around));
