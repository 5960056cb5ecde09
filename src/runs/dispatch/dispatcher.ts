import type { DataSource } from 'typeorm';
import { CHANNELS, SLOTS_HINT } from '../../contracts/engine.js';
import { Listener } from '../../platform/database/listening/listener.js';
import { literal, sql, type Sql } from '../../platform/database/sql/sql.js';
import { Statement } from '../../platform/database/sql/statement.js';
import type { Logger } from '../../platform/logger.js';
import type { WorkerCapacity } from './worker-capacity.js';
import type { OutboxClaim, OutboxHandlers } from './outbox-claim.js';
import { Slots } from './slots.js';
import { UNSYNCED } from '../../platform/database/sql/run-sql.js';

const POLL_MS = 1_000;
const LEASE_SECONDS = 15;
/** Starts, and orders, under way at once: more would only queue in the engine. */
const IN_FLIGHT = 16;
/** There is room for so many before more are taken: what is taken together costs one statement. */
const BATCH = 8;

const due = (kind: Sql, most: unknown): Sql =>
  sql`ARRAY(SELECT id FROM outbox WHERE due_at <= now() AND ${kind} ORDER BY due_at, id LIMIT ${most}
    FOR UPDATE SKIP LOCKED)`;

/**
 * Orders to runs that are there, and starts, at most so many of each: who cancels or answers does not queue behind those who
 * begin. The lease grows with each attempt: a cluster that refuses a run is asked again, ever more seldom.
 * Written so that it looks rows up whatever Postgres believes of the sizes: of new tables, and of those that
 * fill and empty, it knows nothing, and would read them whole.
 */
const CLAIM = new Statement<OutboxClaim, { orders: number; starts: number }>(
  'outbox.claim',
  (p) => sql`WITH mine AS (
    UPDATE outbox SET attempts = attempts + 1,
      due_at = now() + least(${literal(String(LEASE_SECONDS))}::int * (attempts + 1), 300) * interval '1 second'
    WHERE id = ANY(${due(sql`kind <> 'start'`, p.orders)} || ${due(sql`kind = 'start'`, p.starts)})
    RETURNING id, kind, run_id, attempts)
  SELECT mine.id AS outbox_id, mine.kind, mine.attempts AS outbox_attempts, e.id, e.directive_name,
    e.directive_version, e.plan_hash, e.triggered_by, e.actor, e.inputs, e.root_id, e.bounds, e.created_at, e.seed,
    e.rerun_of, e.shadow_of, e.workflow_id, e.workflow_run_id, e.cancel_requested, e.pauses, e.completed_at IS NOT NULL AS over
  FROM mine, LATERAL (SELECT * FROM directive_executions WHERE id = mine.run_id OFFSET 0) AS e, ${UNSYNCED}
  ORDER BY mine.id`,
);

/** What a dispatcher needs. */
export interface DispatcherOptions {
  dataSource: DataSource;
  /** For LISTEN, on a connection of its own. */
  databaseUrl: string;
  /** What carries out each kind of outbox row. A handler deletes the row; one that throws is called again later. */
  handlers: OutboxHandlers;
  /** What this worker does already. */
  load: WorkerCapacity;
  logger: Logger;
}

/** Carries accepted work from the outbox to the engine. Every worker has one; a row is taken by one at a time. */
export class Dispatcher {
  private readonly listener: Listener;
  private readonly slots: Slots;
  private readonly underWay = new Set<Promise<void>>();
  /** Somebody may wait for a place among other runs: to be looked at. */
  private placesChanged = true;
  private wake: () => void = () => {};
  private stopped = false;
  private loop: Promise<void> = Promise.resolve();

  constructor(private readonly options: DispatcherOptions) {
    const hint = () => this.wake();
    this.slots = new Slots(options.dataSource);
    options.load.onRoom(hint);
    this.listener = new Listener(options.databaseUrl, CHANNELS.outbox, {
      onHint: (about) => {
        this.placesChanged ||= about === SLOTS_HINT;
        hint();
      },
      onConnected: hint,
    });
  }

  async start(): Promise<void> {
    await this.listener.start();
    this.loop = this.run();
  }

  /** Takes nothing new; what is under way is finished first. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.wake();
    await this.listener.stop();
    await this.loop;
    await Promise.all(this.underWay);
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      const hinted = this.nextHint();
      if (this.placesChanged) await this.givePlaces();
      const more = await this.takeSome(IN_FLIGHT - this.underWay.size);
      while (this.underWay.size > IN_FLIGHT - BATCH) await Promise.race(this.underWay);
      if (more) this.wake();
      await hinted;
    }
  }

  /** Resolves at the next hint, or after the safety poll. */
  private nextHint(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.placesChanged = true;
        resolve();
      }, POLL_MS);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private async givePlaces(): Promise<void> {
    this.placesChanged = false;
    await this.slots.grant().catch((error: unknown) => {
      this.options.logger.warn({ error: String(error) }, 'nobody could be given a place');
    });
  }

  /** True when there may be more. A worker that is busy starts nothing, and carries out what running work waits for. */
  private async takeSome(room: number): Promise<boolean> {
    const starts = this.options.load.full ? 0 : room;
    try {
      const claims = await CLAIM.run(this.options.dataSource, { orders: room, starts });
      for (const claim of claims) this.track(this.carryOut(claim));
      const begun = claims.filter(({ kind }) => kind === 'start').length;
      return claims.length - begun === room || (begun > 0 && begun === starts);
    } catch (error) {
      this.options.logger.warn({ error: String(error) }, 'the outbox could not be read');
      return false;
    }
  }

  private track(work: Promise<void>): void {
    this.underWay.add(work);
    void work.finally(() => this.underWay.delete(work));
  }

  private async carryOut(claim: OutboxClaim): Promise<void> {
    try {
      await this.options.handlers[claim.kind](claim);
    } catch (error) {
      this.options.logger.warn({ run: claim.id, error: String(error) }, `${claim.kind} failed`);
      await this.postpone(claim, String(error)).catch(() => {});
    }
  }

  /** A first failure is tried again soon; the lease of the claim covers the later ones. */
  private async postpone(
    { outbox_id, outbox_attempts }: OutboxClaim,
    error: string,
  ): Promise<void> {
    const seconds = Math.min(2 ** (outbox_attempts - 1), 30);
    await this.options.dataSource.query(
      `UPDATE outbox SET last_error = $2, due_at = now() + $3 * interval '1 second' WHERE id = $1`,
      [outbox_id, error.slice(0, 2_000), seconds],
    );
  }
}
