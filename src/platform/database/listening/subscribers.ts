import { CHANNELS } from '../../../contracts/engine.js';
import { Listener } from './listener.js';
import { notify } from '../sql/notify.js';
import { UNSYNCED } from '../sql/run-sql.js';
import { sql } from '../sql/sql.js';
import { Statement } from '../sql/statement.js';

/** How long a word holds; who watches repeats it each second. */
const HOLDS_MS = 5_000;

/** A process has followers of its live feeds. */
export const WATCHING = new Statement(
  'audience.watching',
  () => sql`SELECT ${notify('watching')} FROM ${UNSYNCED}`,
);

/**
 * Whether any process watches the live feeds. Hints that nobody waits for cost a run of own steps a tenth of its
 * time, so none are sent then. Who listens looks each second anyway: a word that is lost delays, and loses nothing.
 */
export class Subscribers {
  /** Told when somebody has come: there may be changes already. */
  onArrival: () => void = () => {};
  private until = 0;
  private readonly listener: Listener;

  constructor(
    url: string,
    private readonly holdsMs = HOLDS_MS,
  ) {
    const hear = () => this.hear();
    // Words may have been lost before.
    this.listener = new Listener(url, CHANNELS.watching, { onHint: hear, onConnected: hear });
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

  private hear(): void {
    const arrived = !this.any;
    this.until = Date.now() + this.holdsMs;
    if (arrived) this.onArrival();
  }
}
