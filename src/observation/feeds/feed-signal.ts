import type { DataSource } from 'typeorm';
import type { FeedPosition, FeedTable } from './feed-table.js';
import { Follower } from './follower.js';
import { readHorizon, REWIND } from './horizon.js';

interface Change {
  run_id: string | null;
  /** A text that differs when the run has another row, or a row has another state. */
  mark: string;
}

/** Watches one table for all followers of a process. One query for each hint finds the followers to wake. */
export class FeedSignal<Row extends FeedPosition> {
  private readonly followers = new Set<Follower<Row>>();
  private horizon: number | undefined;
  /** For each run that changed at or above the horizon, the mark that the last query returned. */
  private seen = new Map<string | null, string>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly feed: FeedTable<Row>,
  ) {}

  get followed(): boolean {
    return this.followers.size > 0;
  }

  /** Follows one run: its present rows first, then every change. With null: changes of every run, from now on. */
  async follow(runId: string | null): Promise<Follower<Row>> {
    const now = await readHorizon(this.dataSource);
    this.horizon ??= now;
    const from = runId === null ? now : 0;
    const close = (follower: Follower<Row>) => this.remove(follower);
    const follower = new Follower(this.dataSource, this.feed, runId, from, close);
    this.followers.add(follower);
    return follower;
  }

  /** Wakes the followers of the runs that changed. Rejects when the database cannot be reached. */
  async check(): Promise<void> {
    const from = this.horizon;
    if (from === undefined) return;
    const next = await readHorizon(this.dataSource);
    const changes = await this.changes(from);
    const fresh = changes.filter(({ run_id, mark }) => this.seen.get(run_id) !== mark);
    this.seen = new Map(changes.map(({ run_id, mark }) => [run_id, mark]));
    if (this.horizon === from) this.horizon = Math.max(from, next);
    this.wake(new Set(fresh.map(({ run_id }) => run_id)));
  }

  /** Makes every follower sweep again, from a lower horizon; called after the connection was lost. */
  recover(): void {
    if (this.horizon !== undefined) this.horizon = Math.max(0, this.horizon - REWIND);
    for (const follower of this.followers) follower.wake(true);
  }

  /** Ends every follower. */
  async close(): Promise<void> {
    await Promise.all([...this.followers].map((follower) => follower.return()));
  }

  private wake(runs: ReadonlySet<string | null>): void {
    if (runs.size === 0) return;
    for (const follower of this.followers) {
      if (follower.runId === null || runs.has(follower.runId)) follower.wake();
    }
  }

  private changes(horizon: number): Promise<Change[]> {
    const { table, run } = this.feed;
    return this.dataSource.query<Change[]>(
      `SELECT ${run} AS run_id, concat(count(*), ':', sum(seq)) AS mark FROM ${table}
       WHERE xid >= $1::bigint GROUP BY 1`,
      [horizon],
    );
  }

  private remove(follower: Follower<Row>): void {
    this.followers.delete(follower);
    if (this.followers.size > 0) return;
    this.horizon = undefined;
    this.seen.clear();
  }
}
