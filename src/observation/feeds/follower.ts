import { setTimeout as delay } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import type { FeedPosition, FeedTable } from './feed-table.js';
import { readHorizon, REWIND } from './horizon.js';

const PAGE = 200;
const RETRY_MS = 500;

/**
 * Rows of one table as they change, each at least in its latest state, none missed, none twice in the same state.
 *
 * A sweep reads every row that was written at or above the horizon, committed late or not; then the horizon rises to
 * the oldest transaction that was open before the sweep. Rows above it are met again, and known by their serial.
 * The reader pulls: one that is slow costs a page of memory and skips states that were overtaken meanwhile.
 */
export class Follower<Row extends FeedPosition> implements AsyncIterableIterator<Row> {
  private readonly delivered = new Map<string, { xid: number; seq: number }>();
  private readonly rows: AsyncGenerator<Row, void, void>;
  private wakeUp: () => void = () => undefined;
  private woken = true;
  private closed = false;
  /** Nothing more will come: one more sweep, and the rows end. */
  private finishing = false;
  private leave: () => void = () => undefined;

  /** `runId` null = every run. `horizon`: where to begin; 0 = what is there comes first. */
  constructor(
    private readonly dataSource: DataSource,
    private readonly feed: FeedTable<Row>,
    readonly runId: string | null,
    private horizon: number,
    private readonly onClose: (follower: Follower<Row>) => void,
  ) {
    this.rows = this.follow();
  }

  /** Something may have changed. `lost`: the database may have been restarted. */
  wake(lost = false): void {
    if (lost) this.horizon = Math.max(0, this.horizon - REWIND);
    this.woken = true;
    this.wakeUp();
  }

  /** Calls `leave` when nobody follows any more. */
  whenClosed(leave: () => void): void {
    this.leave = leave;
    if (this.closed) leave();
  }

  /** The run has ended, and all of its rows are committed: ends once they have been delivered. */
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
      // A sweep that failed has woken us already.
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
      for await (const row of this.rowsFrom(from)) if (this.isNews(row)) yield row;
      if (this.horizon === from) this.horizon = Math.max(from, next);
      this.forget();
    } catch {
      // The database is away: the sweep begins again until it is back.
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

  /** Sorted as a pair, so that the planner does not walk the feed's index to find one old run. */
  private page(at: { xid: number; seq: number }): Promise<Row[]> {
    const { table, run } = this.feed;
    const scope = this.runId === null ? '' : `AND ${run} = $4`;
    return this.dataSource.query<Row[]>(
      `SELECT * FROM ${table} WHERE (xid, seq) > ($1::bigint, $2::bigint) ${scope} ORDER BY ROW(xid, seq) LIMIT $3`,
      [at.xid, at.seq, PAGE, ...(this.runId === null ? [] : [this.runId])],
    );
  }

  private isNews(row: Row): boolean {
    const key = this.feed.key(row);
    const [xid, seq] = [Number(row.xid), Number(row.seq)];
    if (seq <= (this.delivered.get(key)?.seq ?? -1)) return false;
    this.delivered.delete(key);
    this.delivered.set(key, { xid, seq });
    return true;
  }

  /** Drops what no sweep can meet again; entries lie about in order of their transactions. */
  private forget(): void {
    for (const [key, { xid }] of this.delivered) {
      if (xid >= this.horizon - REWIND) return;
      this.delivered.delete(key);
    }
  }
}
