import type { DataSource, EntityManager } from 'typeorm';
import type { StepError } from '../../contracts/errors.js';
import type { OnFull } from '../../contracts/plan.js';
import { requestCancel, cancelOutboxRows } from '../ending/request-cancel.js';
import { finishRun } from '../ending/finish.js';
import { notify } from '../../platform/database/sql/notify.js';
import { query } from '../../platform/database/sql/query.js';
import { OPEN } from '../../platform/database/sql/run-sql.js';
import { literal, sql } from '../../platform/database/sql/sql.js';

/** Key of the advisory lock under which one worker at a time grants slots. No other lock may use this number. */
const LOCK = 7_264_518;
/** Upper bound on the waiting runs of one key that are read in one round. */
const MOST = 1_000;

const ANY = sql`SELECT 1 FROM directive_executions
  WHERE slot_key IS NOT NULL AND NOT slot_held AND ${OPEN} ORDER BY created_at, id LIMIT 1`;

interface Waiting {
  id: string;
  key: string;
  limit: number;
  on_full: OnFull;
  cancelled: boolean;
}

/** The runs that wait for a slot, the oldest first. Cancelled runs are read beyond the bound, too, so that they end at once. */
const WAITING = sql`SELECT id, slot_key AS key, slot_limit AS limit, slot_on_full AS on_full, cancelled FROM (
    SELECT *, cancel_requested AS cancelled,
      row_number() OVER (PARTITION BY slot_key ORDER BY created_at, id) AS place FROM directive_executions
    WHERE slot_key IS NOT NULL AND NOT slot_held AND ${OPEN}) AS w
  WHERE place <= ${literal(String(MOST))} OR cancelled ORDER BY created_at, id`;

const holdersOf = (
  keys: string[],
) => sql`SELECT slot_key AS key, array_agg(id ORDER BY started_at, created_at, id) AS ids FROM directive_executions
  WHERE slot_key = ANY(${keys}) AND slot_held AND ${OPEN} GROUP BY slot_key`;

const grantOf = (ids: string[]) => sql`WITH granted AS (
    UPDATE directive_executions SET slot_held = true WHERE id = ANY(${ids}) RETURNING id),
  box AS (INSERT INTO outbox (kind, run_id) SELECT 'start', id FROM granted)
  SELECT ${notify('outbox')}`;

const cancelOldest = (
  ids: string[],
) => sql`WITH asked AS (${requestCancel(sql`id = ANY(${ids})`, literal('cancelled in favour of a newer run (on_full: cancel_oldest)'))}),
  box AS (INSERT INTO outbox (kind, run_id, due_at) ${cancelOutboxRows(sql`asked`)})
  SELECT ${notify('outbox')}`;

/** Grants slots to runs that may begin only when others with the same concurrency key have ended. */
export class Slots {
  constructor(private readonly dataSource: DataSource) {}

  /** Grants free slots to the waiting runs, and ends the waiting runs that are cancelled or skipped. */
  async grant(): Promise<void> {
    const [waits] = await query<object>(this.dataSource, ANY);
    if (!waits) return;
    const over = await this.dataSource.transaction((tx) => this.decide(tx));
    for (const [id, error] of over) {
      await finishRun(this.dataSource, id, { status: 'cancelled', error });
    }
  }

  private async decide(tx: EntityManager): Promise<Decisions['over']> {
    await tx.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
    const waiting = await query<Waiting>(tx, WAITING);
    const holders = await this.holders(tx, waiting);
    const { granted, ousted, over } = decideAll(waiting, holders);
    if (granted.length > 0) await query(tx, grantOf(granted));
    if (ousted.length > 0) await query(tx, cancelOldest(ousted));
    return over;
  }

  private async holders(tx: EntityManager, waiting: Waiting[]): Promise<Map<string, string[]>> {
    const keys = [...new Set(waiting.map(({ key }) => key))];
    const rows = await query<{ key: string; ids: string[] }>(tx, holdersOf(keys));
    return new Map(rows.map(({ key, ids }) => [key, ids]));
  }
}

interface Decisions {
  granted: string[];
  /** Runs that hold a slot and are to be cancelled in favour of newer ones. */
  ousted: string[];
  /** Waiting runs that end without having begun, each with its error. */
  over: [id: string, error: StepError][];
}

/** Decides in the order of arrival: a waiting run never overtakes an older one of the same key. */
export function decideAll(
  waiting: readonly Waiting[],
  holders: ReadonlyMap<string, readonly string[]>,
): Decisions {
  const decisions: Decisions = { granted: [], ousted: [], over: [] };
  const taken = new Map([...holders].map(([key, ids]) => [key, ids.length]));
  const blocked = new Set<string>();
  for (const { id, key, limit, on_full, cancelled } of waiting) {
    const count = taken.get(key) ?? 0;
    if (cancelled) decisions.over.push([id, CANCELLED]);
    else if (count < limit && !blocked.has(key)) {
      taken.set(key, count + 1);
      decisions.granted.push(id);
    } else if (on_full === 'skip') decisions.over.push([id, skipped(key, limit)]);
    else {
      const excess = count - limit + 1;
      if (on_full === 'cancel_oldest' && !blocked.has(key) && excess > 0)
        decisions.ousted.push(...(holders.get(key) ?? []).slice(0, excess));
      blocked.add(key);
    }
  }
  return decisions;
}

const CANCELLED: StepError = {
  code: 'cancelled',
  message: 'The run was cancelled before it started.',
};

const skipped = (key: string, limit: number): StepError => ({
  code: 'skipped',
  message: `The run was skipped: the maximum number of runs with the concurrency key "${key}" is reached (concurrency.limit is ${limit}).`,
});
