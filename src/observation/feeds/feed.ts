import type { DataSource } from 'typeorm';
import { CHANNELS } from '../../contracts/engine.js';
import type { ExecutionRow } from '../../platform/database/entities/runs/execution.row.js';
import type { LogRow } from '../../platform/database/entities/observation/log.row.js';
import type { StepRow } from '../../platform/database/entities/runs/step.row.js';
import { FeedSignal } from './feed-signal.js';
import { EXECUTION_FEED, type FeedPosition, LOG_FEED, STEP_FEED } from './feed-table.js';
import { WATCHING } from '../../platform/database/listening/subscribers.js';
import { Listener } from '../../platform/database/listening/listener.js';
import { RunWaiter } from './wait-for-end.js';

const POLL_MS = 1_000;
/** Hints that arrive within this time share one check. */
const GAP_MS = 10;
/** Log lines are written in batches: the last ones of a run can be written this long after its end. */
const LOG_GRACE_MS = 1_000;

/**
 * The live feeds of a process: one LISTEN connection and a poll each second serve all of its followers.
 * Hints only say when to query; the rows come from the tables, so a lost hint loses no row.
 */
export class Feed {
  readonly runs: RunWaiter;
  /** Finishes the followers of a run when the run has ended. */
  private readonly ends: RunWaiter;
  private readonly executionFeed: FeedSignal<ExecutionRow>;
  private readonly stepFeed: FeedSignal<StepRow>;
  private readonly logFeed: FeedSignal<LogRow>;
  private readonly listener: Listener;
  private poll: NodeJS.Timeout | undefined;
  private pending: NodeJS.Timeout | undefined;
  private checking = false;

  constructor(
    private readonly dataSource: DataSource,
    url: string,
  ) {
    this.runs = new RunWaiter(dataSource);
    this.ends = new RunWaiter(dataSource);
    this.executionFeed = new FeedSignal(dataSource, EXECUTION_FEED);
    this.stepFeed = new FeedSignal(dataSource, STEP_FEED);
    this.logFeed = new FeedSignal(dataSource, LOG_FEED);
    const onConnected = () => this.recover();
    this.listener = new Listener(url, CHANNELS.observation, {
      onHint: (ended) => this.hint(ended),
      onConnected,
    });
  }

  async start(): Promise<void> {
    this.poll = setInterval(() => this.checkAll(), POLL_MS);
    await this.listener.start();
  }

  /** Ends every follower, and answers every waiter with null. */
  async stop(): Promise<void> {
    clearInterval(this.poll);
    clearTimeout(this.pending);
    this.runs.stop();
    this.ends.stop();
    await Promise.all([this.listener.stop(), ...this.signals().map((signal) => signal.close())]);
  }

  /** A run's present row and its later states, to the run's end; null = the changes of every run, from now on. */
  executions(id: string | null): Promise<AsyncIterableIterator<ExecutionRow>> {
    return id === null
      ? this.follow(this.executionFeed, id)
      : this.followToEnd(this.executionFeed, id);
  }

  /** The steps of a run so far, in the order of their last change, and every later change to the run's end. */
  steps(executionId: string): Promise<AsyncIterableIterator<StepRow>> {
    return this.followToEnd(this.stepFeed, executionId);
  }

  /** The log lines of a run so far and to come, to the run's end; null = every line from now on. */
  logs(executionId: string | null): Promise<AsyncIterableIterator<LogRow>> {
    return executionId === null
      ? this.follow(this.logFeed, null)
      : this.followToEnd(this.logFeed, executionId, LOG_GRACE_MS);
  }

  private async follow<Row extends FeedPosition>(signal: FeedSignal<Row>, runId: string | null) {
    const follower = await signal.follow(runId);
    this.announceWatching();
    return follower;
  }

  /** Follows a run, and ends `graceMs` after the run's end, when all of its rows are committed. */
  private async followToEnd<Row extends FeedPosition>(
    signal: FeedSignal<Row>,
    runId: string,
    graceMs = 0,
  ) {
    const follower = await this.follow(signal, runId);
    const finish = () => follower.finish();
    const leave = this.ends.onEnd(runId, (row) => row && setTimeout(finish, graceMs).unref());
    follower.whenClosed(leave);
    return follower;
  }

  /** Notifies writers that a feed is watching: they send hints only for some seconds after that. */
  private announceWatching(): void {
    void WATCHING.run(this.dataSource, {}).catch(() => {});
  }

  private signals() {
    return [this.executionFeed, this.stepFeed, this.logFeed];
  }

  /** `ended`: the id of the run that has ended; empty when rows have changed and no run has ended. */
  private hint(ended: string): void {
    if (ended !== '') for (const waiter of [this.runs, this.ends]) waiter.check(ended);
    this.pending ??= setTimeout(() => void this.check(), GAP_MS);
  }

  private checkAll(): void {
    if (this.signals().some((signal) => signal.followed)) this.announceWatching();
    for (const waiter of [this.runs, this.ends]) waiter.checkAll();
    this.hint('');
  }

  private recover(): void {
    for (const signal of this.signals()) signal.recover();
    this.checkAll();
  }

  /** Runs one check at a time; a hint that arrives during a check leads to another one. */
  private async check(): Promise<void> {
    if (this.checking) return void (this.pending = setTimeout(() => void this.check(), GAP_MS));
    this.pending = undefined;
    this.checking = true;
    await Promise.allSettled(this.signals().map((signal) => signal.check()));
    this.checking = false;
  }
}
