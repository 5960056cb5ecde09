import type { DataSource } from 'typeorm';
import type { FeedPosition, FeedTable } from './feed-table.js';
import { Follower } from './follower.js';
import { readHorizon, REWIND } from './horizon.js';

interface Change {
  run_id: string | null;
  /** Differs whenever another row, or another state of a row, is seen. */
  mark: string;
}

/** Watches one table for all of a process's followers: one query per hint tells which of them to wake. */
export class FeedSignal<Row extends FeedPosition> {
  private readonly followers = new Set<Follower<Row>>();
  private horizon: number | undefined;
  /** The runs that changed at or above the horizon, as they were seen last. */
  private seen = new Map<string | null, string>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly feed: FeedTable<Row>,
  ) {}

  get followed(): boolean {
    return this.followers.size > 0;
  }

  /** With a run's id, what is there comes first and then every change; without, only changes from now on. */
  async follow(runId: string | null): Promise<Follower<Row>> {
    const now = await readHorizon(this.dataSource);
    this.horizon ??= now;
    const from = runId === null ? now : 0;
    const close = (follower: Follower<Row>) => this.remove(follower);
    const follower = new Follower(this.dataSource, this.feed, runId, from, close);
    this.followers.add(follower);
    return follower;
  }

  /** Wakes the followers of what changed. Rejects when the database is away. */
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

  /** After the connection was lost: everybody looks again. */
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
