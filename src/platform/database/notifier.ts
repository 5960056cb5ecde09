import type { DataSource } from 'typeorm';
import { CHANNELS } from '../../contracts/engine.js';
import { Statement } from './statement.js';

const INTERVAL_MS = 20;

/** A hint is not worth waiting for the disk. */
const NOTIFY = new Statement(
  'notifier.notify',
  `SELECT pg_notify('${CHANNELS.observation}', ''), set_config('synchronous_commit', 'off', true)`,
);

/**
 * Tells the live feeds that rows have changed: at once, then at most once per 20 ms.
 * A NOTIFY in every journal commit would cut commits to a third.
 */
export class Notifier {
  private last = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly dataSource: DataSource) {}

  /** Never throws: a lost hint costs a listener one safety poll. */
  changed(): void {
    if (this.timer) return;
    const wait = Math.max(0, this.last + INTERVAL_MS - Date.now());
    this.timer = setTimeout(() => this.send(), wait);
    this.timer.unref();
  }

  private send(): void {
    this.timer = undefined;
    this.last = Date.now();
    void NOTIFY.run(this.dataSource, []).catch(() => {});
  }
}
