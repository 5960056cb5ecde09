import type { DataSource } from 'typeorm';
import type { Subscribers } from './subscribers.js';
import { notify } from '../sql/notify.js';
import { UNSYNCED } from '../sql/run-sql.js';
import { sql } from '../sql/sql.js';
import { Statement } from '../sql/statement.js';

const INTERVAL_MS = 20;

/** A hint need not survive a crash, so its commit does not wait for the disk. */
const NOTIFY = new Statement(
  'notifier.notify',
  () => sql`SELECT ${notify('observation')} FROM ${UNSYNCED}`,
);

/**
 * Notifies the live feeds that rows have changed: at once, then at most once in 20 ms, and only while a process
 * watches them. A NOTIFY in every journal commit would cut the rate of commits to a third.
 */
export class Notifier {
  private last = 0;
  private timer: NodeJS.Timeout | undefined;

  /** `subscribers`: the processes that watch the feeds; absent = always notify. */
  constructor(
    private readonly dataSource: DataSource,
    private readonly subscribers?: Subscribers,
  ) {
    if (subscribers) subscribers.onArrival = () => this.changed();
  }

  /** Reports a change. Never throws: after a lost hint a listener waits until its next poll. */
  changed(): void {
    if (this.timer || this.unwatched) return;
    const wait = Math.max(0, this.last + INTERVAL_MS - Date.now());
    this.timer = setTimeout(() => this.send(), wait);
    this.timer.unref();
  }

  /** True when a notification is due, and the caller's own statement must send it, which saves a transaction. */
  take(): boolean {
    if (this.timer || this.unwatched || Date.now() < this.last + INTERVAL_MS) return false;
    this.last = Date.now();
    return true;
  }

  private get unwatched(): boolean {
    return this.subscribers?.any === false;
  }

  private send(): void {
    this.timer = undefined;
    this.last = Date.now();
    void NOTIFY.run(this.dataSource, {}).catch(() => {});
  }
}
