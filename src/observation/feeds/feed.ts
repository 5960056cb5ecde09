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
/** Hints that come closer than this are answered together. */
const GAP_MS = 10;
/** Log lines are gathered before they are written: those of a run's last moments come a little after its end. */
const LOG_GRACE_MS = 1_000;

/**
 * The live feeds of a process: one LISTEN connection and a safety poll each second for all of its followers.
 * Hints only say when to look; what is told comes from the tables, so nothing is lost with a hint.
 */
export class Feed {
  readonly runs: RunWaiter;
  /** Tells followers of one run that it has ended. */
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
    this.poll = setInterval(() => this.look(), POLL_MS);
    await this.listener.start();
  }

  /** Ends every follower and answers every waiter. */
  async stop(): Promise<void> {
    clearInterval(this.poll);
    clearTimeout(this.pending);
    this.runs.stop();
    this.ends.stop();
    await Promise.all([this.listener.stop(), ...this.signals().map((signal) => signal.close())]);
  }

  /** A run as it is and as it becomes, to its end; null = every run, from now on. */
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
    this.sayWatching();
    return follower;
  }

  /** The same, and it ends with the run: what there is then is committed. */
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

  /** Who changes rows tells of them only while somebody watches. */
  private sayWatching(): void {
    void WATCHING.run(this.dataSource, {}).catch(() => {});
  }

  private signals() {
    return [this.executionFeed, this.stepFeed, this.logFeed];
  }

  /** `ended`: the run whose end the hint tells of; empty when rows have changed and none has ended. */
  private hint(ended: string): void {
    if (ended !== '') for (const waiter of [this.runs, this.ends]) waiter.check(ended);
    this.pending ??= setTimeout(() => void this.check(), GAP_MS);
  }

  private look(): void {
    if (this.signals().some((signal) => signal.followed)) this.sayWatching();
    for (const waiter of [this.runs, this.ends]) waiter.checkAll();
    this.hint('');
  }

  private recover(): void {
    for (const signal of this.signals()) signal.recover();
    this.look();
  }

  /** One check at a time; a hint that comes meanwhile is answered by the next. */
  private async check(): Promise<void> {
    if (this.checking) return void (this.pending = setTimeout(() => void this.check(), GAP_MS));
    this.pending = undefined;
    this.checking = true;
    await Promise.allSettled(this.signals().map((signal) => signal.check()));
    this.checking = false;
  }
}
