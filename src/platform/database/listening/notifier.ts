import type { DataSource } from 'typeorm';
import type { Subscribers } from './subscribers.js';
import { notify } from '../sql/notify.js';
import { UNSYNCED } from '../sql/run-sql.js';
import { sql } from '../sql/sql.js';
import { Statement } from '../sql/statement.js';

const INTERVAL_MS = 20;

/** SQL: tells that rows have changed, once its transaction is committed. */
export const TELL_CHANGED = notify('observation');

/** A hint is not worth waiting for the disk. */
const NOTIFY = new Statement('notifier.notify', () => sql`SELECT ${TELL_CHANGED} FROM ${UNSYNCED}`);

/**
 * Tells the live feeds that rows have changed: at once, then at most once per 20 ms, and only while somebody
 * watches. A NOTIFY in every journal commit would cut commits to a third.
 */
export class Notifier {
  private last = 0;
  private timer: NodeJS.Timeout | undefined;

  /** Without an audience it tells whoever may be there. */
  constructor(
    private readonly dataSource: DataSource,
    private readonly audience?: Subscribers,
  ) {
    if (audience) audience.onArrival = () => this.changed();
  }

  /** Never throws: a lost hint costs a listener one safety poll. */
  changed(): void {
    if (this.timer || this.unheard) return;
    const wait = Math.max(0, this.last + INTERVAL_MS - Date.now());
    this.timer = setTimeout(() => this.send(), wait);
    this.timer.unref();
  }

  /** True when the caller's own statement may tell it, which saves a transaction. */
  take(): boolean {
    if (this.timer || this.unheard || Date.now() < this.last + INTERVAL_MS) return false;
    this.last = Date.now();
    return true;
  }

  private get unheard(): boolean {
    return this.audience?.any === false;
  }

  private send(): void {
    this.timer = undefined;
    this.last = Date.now();
    void NOTIFY.run(this.dataSource, {}).catch(() => {});
  }
}
