import type { DataSource } from 'typeorm';
import { MissionError } from '../contracts/errors.js';
import type { Json } from '../contracts/json/json.js';
import { SIGNAL_NAME } from '../contracts/message.js';
import { MAX_INPUT_BYTES, type Plan } from '../contracts/plan.js';
import { awaitedSignals } from '../language/plan/steps/awaited-signals.js';
import { didYouMean } from '../language/text/nearest.js';
import { audited } from '../platform/database/sql/audited.js';
import { notify } from '../platform/database/sql/notify.js';
import { query } from '../platform/database/sql/query.js';
import { OPEN, STAMP } from '../platform/database/sql/run-sql.js';
import { literal, sql, type Sql } from '../platform/database/sql/sql.js';

/** Upper bound on the undelivered messages of one run. */
const MAX_WAITING = 1_000;

/** The SQL expressions of a message to the runs that the part `run` of a WITH returns. */
interface MessageColumns {
  action: string;
  kind: string;
  name: Sql;
  payload: Sql;
  actor: Sql;
}

/** Parts of a WITH that write the message, its outbox row and its audit row. */
const sending = ({ action, kind, name, payload, actor }: MessageColumns): Sql => sql`
  sent AS (INSERT INTO run_messages (run_id, kind, name, payload, actor)
    SELECT id, ${literal(kind)}, ${name}, ${payload}, ${actor} FROM run RETURNING run_id),
  box AS (INSERT INTO outbox (kind, run_id) SELECT 'messages', run_id FROM sent),
  audited AS (${audited({
    actor,
    action: literal(action),
    target: sql`'execution:' || id`,
    data: sql`json_build_object('name', ${name})`,
    from: sql`run`,
  })})
  SELECT id, ${notify('outbox')} FROM run`;

const signalOf = (id: string, name: string, payload: string, actor: string): Sql =>
  sql`WITH run AS (SELECT id FROM directive_executions WHERE id = ${id} AND ${OPEN}),
  ${sending({
    action: 'execution.signal',
    kind: 'signal',
    name: sql`${name}::text`,
    payload: sql`${payload}::json`,
    actor: sql`${actor}::text`,
  })}`;

const planOf = (id: string): Sql =>
  sql`SELECT plan FROM directive_executions JOIN directive_plans ON hash = plan_hash
  WHERE id = ${id} AND ${OPEN}`;

/** An odd `pauses` means paused, so a second pause or resume changes nothing. Descendants are paused and resumed with the run. */
const pausing = (
  to: 'pause' | 'resume',
  id: string,
  actor: string,
): Sql => sql`WITH RECURSIVE family AS (
    SELECT ${id}::text AS id UNION SELECT child.id FROM directive_executions child JOIN family ON child.parent_id = family.id),
  run AS (
    UPDATE directive_executions SET pauses = pauses + 1, status = ${STATUS[to]}, ${STAMP}
    WHERE id IN (SELECT id FROM family) AND ${OPEN} AND pauses % 2 = ${literal(to === 'pause' ? '0' : '1')}::int RETURNING id, pauses),
  ${sending({
    action: `execution.${to}`,
    kind: 'pause',
    name: sql`'pause'::text`,
    payload: sql`to_json(pauses)`,
    actor: sql`${actor}::text`,
  })}`;

const STATUS = {
  pause: literal('paused'),
  resume: sql`CASE WHEN workflow_run_id IS NULL THEN 'pending' ELSE 'running' END`,
};

/** Signals, pauses and resumes live runs. */
export class RunControl {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Sends a signal to a run; a `wait` step for that signal takes it, now or later.
   * @throws MissionError `input_invalid`, `too_large`, `too_many_requests`, `not_found`, `conflict` when the run has ended
   */
  async signal(id: string, name: string, payload: Json, actor: string): Promise<void> {
    if (!SIGNAL_NAME.test(name)) {
      const text = `${JSON.stringify(name).slice(0, 100)} is not a valid name for a signal. Use letters, digits, "_", "-" and ".", at most 64 characters, starting with a letter.`;
      throw new MissionError('input_invalid', text);
    }
    const text = JSON.stringify(payload ?? null);
    if (Buffer.byteLength(text) > MAX_INPUT_BYTES) {
      throw new MissionError('too_large', `The payload has more than ${MAX_INPUT_BYTES} bytes.`);
    }
    await this.refuseFlood(id);
    await this.refuseUnawaited(id, name);
    const [row] = await query<{ id: string }>(this.dataSource, signalOf(id, name, text, actor));
    if (!row) throw await this.whyNot(id);
  }

  /** Pauses a run and its descendants: steps under way finish, and no step begins. Pausing a paused run changes nothing. */
  async pause(id: string, actor: string): Promise<void> {
    const paused = await query<{ id: string }>(this.dataSource, pausing('pause', id, actor));
    const itself = paused.some((run) => run.id === id);
    if (!itself && (await this.stateOf(id)) !== 'paused') throw await this.whyNot(id);
  }

  async resume(id: string, actor: string): Promise<void> {
    const resumed = await query<{ id: string }>(this.dataSource, pausing('resume', id, actor));
    if (resumed.some((run) => run.id === id)) return;
    const state = await this.stateOf(id);
    const open = state === 'running' || state === 'pending';
    throw open ? new MissionError('conflict', 'The run is not paused.') : await this.whyNot(id);
  }

  private async refuseFlood(id: string): Promise<void> {
    const [{ count }] = await this.dataSource.query(
      'SELECT count(*)::int AS count FROM run_messages WHERE run_id = $1 AND delivered_at IS NULL',
      [id],
    );
    if (count < MAX_WAITING) return;
    const text = `${count} messages are already queued for the run. Send the signal again later.`;
    throw new MissionError('too_many_requests', text);
  }

  /** Throws when no step of the Plan waits for the signal, which would be lost silently. A signal may come before its step. */
  private async refuseUnawaited(id: string, name: string): Promise<void> {
    const [row] = await query<{ plan: Plan }>(this.dataSource, planOf(id));
    const names = row && awaitedSignals(row.plan);
    if (!names || names.includes(name)) return;
    const known =
      names.length > 0 ? `it waits for ${names.join(', ')}` : 'no step of it waits for a signal';
    const text = `No step of ${row.plan.name} waits for a signal "${name}": ${didYouMean(name, names) ?? `${known}.`}`;
    throw new MissionError('input_invalid', text);
  }

  private async stateOf(id: string): Promise<string | undefined> {
    const [row] = await this.dataSource.query(
      'SELECT status FROM directive_executions WHERE id = $1',
      [id],
    );
    return row?.status;
  }

  private async whyNot(id: string): Promise<MissionError> {
    const state = await this.stateOf(id);
    if (state === undefined) return new MissionError('not_found', `There is no run ${id}.`);
    return new MissionError('conflict', `The run has already ended: ${state}.`);
  }
}
