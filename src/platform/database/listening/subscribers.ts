import { CHANNELS } from '../../../contracts/engine.js';
import { Listener } from './listener.js';
import { notify } from '../sql/notify.js';
import { UNSYNCED } from '../sql/run-sql.js';
import { sql } from '../sql/sql.js';
import { Statement } from '../sql/statement.js';

/** Milliseconds for which a `watching` notification counts; a process that watches repeats it each second. */
const VALID_MS = 5_000;

/** Notifies all workers that a process has followers of its live feeds. */
export const WATCHING = new Statement(
  'audience.watching',
  () => sql`SELECT ${notify('watching')} FROM ${UNSYNCED}`,
);

/**
 * Knows whether any process watches the live feeds. Unneeded hints would cost a run of own steps a tenth of its time,
 * so none are sent while no process watches. Followers also poll each second: a lost notification delays changes, and
 * loses none.
 */
export class Subscribers {
  /** Called when the first process begins to watch: there may be changes already. */
  onArrival: () => void = () => {};
  private until = 0;
  private readonly listener: Listener;

  constructor(
    url: string,
    private readonly validMs = VALID_MS,
  ) {
    const extend = () => this.extend();
    // A new connection counts as a notification, because some may have been lost before.
    this.listener = new Listener(url, CHANNELS.watching, { onHint: extend, onConnected: extend });
  }

  get any(): boolean {
    return Date.now() < this.until;
  }

  start(): Promise<void> {
    return this.listener.start();
  }

  stop(): Promise<void> {
    return this.listener.stop();
  }

  private extend(): void {
    const arrived = !this.any;
    this.until = Date.now() + this.validMs;
    if (arrived) this.onArrival();
  }
}
