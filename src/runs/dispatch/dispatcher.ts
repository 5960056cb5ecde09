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
/** Upper bound on the outbox rows that this dispatcher carries out at once: more would only queue in Temporal. */
const IN_FLIGHT = 16;
/** The dispatcher claims rows only when it has room for this many: one statement claims them all. */
const BATCH = 8;

const due = (kind: Sql, most: unknown): Sql =>
  sql`ARRAY(SELECT id FROM outbox WHERE due_at <= now() AND ${kind} ORDER BY due_at, id LIMIT ${most}
    FOR UPDATE SKIP LOCKED)`;

/**
 * Claims due outbox rows: at most `orders` rows of any other kind, and at most `starts` starts. The two limits are separate
 * so that cancellations and messages do not queue behind starts. The lease grows with each attempt, so a cluster that
 * refuses a run is asked less and less often.
 * The shape forces index lookups: Postgres has no useful statistics of tables that are new or that fill and empty
 * quickly, and would scan them whole.
 */
const CLAIM = new Statement<OutboxClaim, { orders: number; starts: number }>(
  'outbox.claim',
  (p) => sql`WITH mine AS (
    UPDATE outbox SET attempts = attempts + 1,
      due_at = now() + least(${literal(String(LEASE_SECONDS))}::int * (attempts + 1), 300) * interval '1 second'
    WHERE id = ANY(${due(sql`kind <> 'start'`, p.orders)} || ${due(sql`kind = 'start'`, p.starts)})
    RETURNING id, kind, run_id, attempts)
  SELECT mine.id AS outbox_id, mine.run_id AS subject, mine.kind, mine.attempts AS outbox_attempts, e.id, e.directive_name,
    e.directive_version, e.plan_hash, e.triggered_by, e.actor, e.inputs, e.root_id, e.bounds, e.rights, e.created_at, e.seed,
    e.rerun_of, e.shadow_of, e.workflow_id, e.workflow_run_id, e.thread_id, e.message_id, e.cancel_requested, e.pauses, e.completed_at IS NOT NULL AS over
  FROM mine LEFT JOIN LATERAL (SELECT * FROM directive_executions WHERE id = mine.run_id OFFSET 0) AS e ON true, ${UNSYNCED}
  WHERE mine.kind = 'thread' OR e.id IS NOT NULL
  ORDER BY mine.id`,
);

export interface DispatcherOptions {
  dataSource: DataSource;
  /** The dispatcher opens a separate connection to this URL for LISTEN. */
  databaseUrl: string;
  /** One handler for each kind of outbox row. A handler deletes its row; when it throws, it is called again later. */
  handlers: OutboxHandlers;
  /** The load of this worker: a full worker claims no starts. */
  load: WorkerCapacity;
  logger: Logger;
}

/** Carries accepted work from the outbox to Temporal. Every worker has one dispatcher; a claimed row belongs to one of them. */
export class Dispatcher {
  private readonly listener: Listener;
  private readonly slots: Slots;
  private readonly underWay = new Set<Promise<void>>();
  /** True when a slot may have become free, or a run may have begun to wait for one. */
  private slotsChanged = true;
  private wake: () => void = () => {};
  private stopped = false;
  private loop: Promise<void> = Promise.resolve();

  constructor(private readonly options: DispatcherOptions) {
    const hint = () => this.wake();
    this.slots = new Slots(options.dataSource);
    options.load.onRoom(hint);
    this.listener = new Listener(options.databaseUrl, CHANNELS.outbox, {
      onHint: (about) => {
        this.slotsChanged ||= about === SLOTS_HINT;
        hint();
      },
      onConnected: hint,
    });
  }

  async start(): Promise<void> {
    await this.listener.start();
    this.loop = this.run();
  }

  /** Claims nothing new, and resolves when the rows under way are done. */
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
      if (this.slotsChanged) await this.grantSlots();
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
        this.slotsChanged = true;
        resolve();
      }, POLL_MS);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private async grantSlots(): Promise<void> {
    this.slotsChanged = false;
    await this.slots.grant().catch((error: unknown) => {
      this.options.logger.warn({ error: String(error) }, 'no queued run could be started');
    });
  }

  /** True when more rows may be due. A full worker claims no starts, but still cancellations and messages: running work waits for them. */
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
      this.options.logger.warn(
        { subject: claim.subject, error: String(error) },
        `${claim.kind} failed`,
      );
      await this.postpone(claim, String(error)).catch(() => {});
    }
  }

  /** Brings a failed row forward to 1, 2, 4 … at most 30 s from now, instead of the end of its lease. */
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
