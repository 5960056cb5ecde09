import { setTimeout as delay } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import type { FeedPosition, FeedTable } from './feed-table.js';
import { readHorizon, REWIND } from './horizon.js';

const PAGE = 200;
const RETRY_MS = 500;

/**
 * Yields the rows of one table as they change: every row at least in its latest state, and no state of a row twice.
 *
 * A sweep reads every row that was written at or above the horizon, even if it was committed late. Then the horizon rises
 * to the oldest transaction that was open before the sweep. The next sweep reads rows above it again, and drops them by
 * their serial. The reader pulls: a slow reader costs one page of memory and misses only states that newer ones replaced.
 */
export class Follower<Row extends FeedPosition> implements AsyncIterableIterator<Row> {
  private readonly delivered = new Map<string, { xid: number; seq: number }>();
  private readonly rows: AsyncGenerator<Row, void, void>;
  private wakeUp: () => void = () => undefined;
  private woken = true;
  private closed = false;
  /** True after the run's end: the next sweep is the last. */
  private finishing = false;
  private leave: () => void = () => undefined;

  /** `runId`: null = every run. `horizon`: the transaction to begin at; 0 = the present rows come first. */
  constructor(
    private readonly dataSource: DataSource,
    private readonly feed: FeedTable<Row>,
    readonly runId: string | null,
    private horizon: number,
    private readonly onClose: (follower: Follower<Row>) => void,
  ) {
    this.rows = this.follow();
  }

  /** Starts a sweep. `lost`: the connection was lost, so the database may have crashed and the horizon goes back. */
  wake(lost = false): void {
    if (lost) this.horizon = Math.max(0, this.horizon - REWIND);
    this.woken = true;
    this.wakeUp();
  }

  /** Sets the function that is called when this follower is closed; calls it at once if it is closed already. */
  whenClosed(leave: () => void): void {
    this.leave = leave;
    if (this.closed) leave();
  }

  /** Ends the follower once all present rows are delivered; called when the run has ended and its rows are committed. */
  finish(): void {
    this.finishing = true;
    this.wake();
  }

  next(): Promise<IteratorResult<Row, void>> {
    return this.rows.next();
  }

  return(): Promise<IteratorResult<Row, void>> {
    this.close();
    return this.rows.return();
  }

  throw(error: unknown): Promise<IteratorResult<Row, void>> {
    this.close();
    return this.rows.throw(error);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  private close(): void {
    if (this.closed) return;
    this.closed = true;
    this.onClose(this);
    this.leave();
    this.wakeUp();
  }

  private async *follow(): AsyncGenerator<Row, void, void> {
    while (!this.closed) {
      await this.change();
      const isLast = this.finishing;
      if (!this.closed) yield* this.sweep();
      // A failed sweep has set `woken`, so the last sweep is repeated.
      if (isLast && !this.woken) this.close();
    }
  }

  private async change(): Promise<void> {
    if (!this.woken && !this.closed) await new Promise<void>((done) => (this.wakeUp = done));
    this.woken = false;
  }

  private async *sweep(): AsyncGenerator<Row, void, void> {
    const from = this.horizon;
    try {
      const next = await readHorizon(this.dataSource);
      for await (const row of this.rowsFrom(from)) if (this.isNew(row)) yield row;
      if (this.horizon === from) this.horizon = Math.max(from, next);
      this.forget();
    } catch {
      // The database cannot be reached: the sweep is repeated until it answers.
      await delay(RETRY_MS);
      this.woken = true;
    }
  }

  private async *rowsFrom(horizon: number): AsyncGenerator<Row, void, void> {
    let at = { xid: horizon, seq: -1 };
    for (let full = true; full && !this.closed;) {
      const page = await this.page(at);
      yield* page;
      full = page.length === PAGE;
      const last = page.at(-1);
      if (last) at = { xid: Number(last.xid), seq: Number(last.seq) };
    }
  }

  /** Sorts by ROW(xid, seq), so that the planner does not scan the feed's index for the rows of one old run. */
  private page(at: { xid: number; seq: number }): Promise<Row[]> {
    const { table, run } = this.feed;
    const scope = this.runId === null ? '' : `AND ${run} = $4`;
    return this.dataSource.query<Row[]>(
      `SELECT * FROM ${table} WHERE (xid, seq) > ($1::bigint, $2::bigint) ${scope} ORDER BY ROW(xid, seq) LIMIT $3`,
      [at.xid, at.seq, PAGE, ...(this.runId === null ? [] : [this.runId])],
    );
  }

  private isNew(row: Row): boolean {
    const key = this.feed.key(row);
    const [xid, seq] = [Number(row.xid), Number(row.seq)];
    if (seq <= (this.delivered.get(key)?.seq ?? -1)) return false;
    this.delivered.delete(key);
    this.delivered.set(key, { xid, seq });
    return true;
  }

  /** Drops entries that no later sweep can read again. The map is roughly in the order of transactions, so it stops early. */
  private forget(): void {
    for (const [key, { xid }] of this.delivered) {
      if (xid >= this.horizon - REWIND) return;
      this.delivered.delete(key);
    }
  }
}
