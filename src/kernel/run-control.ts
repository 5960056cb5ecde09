import type { DataSource } from 'typeorm';
import { CHANNELS } from '../contracts/engine.js';
import { MissionError } from '../contracts/errors.js';
import type { Json } from '../contracts/json.js';
import { SIGNAL_NAME } from '../contracts/message.js';
import { MAX_INPUT_BYTES } from '../contracts/plan.js';
import { OPEN, STAMP } from '../platform/database/run-sql.js';

/** A run that hears nothing keeps at most so many signals. */
const MAX_WAITING = 1_000;

/** Parts of a WITH: a message for the runs of `run`, its place in the outbox, its audit row. */
const telling = (action: string, kind: string, name: string, payload: string, actor: string) => `
  sent AS (INSERT INTO run_messages (run_id, kind, name, payload, actor)
    SELECT id, '${kind}', ${name}, ${payload}, ${actor} FROM run RETURNING run_id),
  box AS (INSERT INTO outbox (kind, run_id) SELECT 'messages', run_id FROM sent),
  audited AS (INSERT INTO audit_events (actor, action, target, data)
    SELECT ${actor}, '${action}', 'execution:' || id, json_build_object('name', ${name}) FROM run)
  SELECT id, pg_notify('${CHANNELS.outbox}', '') FROM run`;

const SIGNAL = `WITH run AS (SELECT id FROM directive_executions WHERE id = $1 AND ${OPEN}),
  ${telling('execution.signal', 'signal', '$2::text', '$3::json', '$4::text')}`;

/** A pause is odd: whoever comes second changes nothing. Children go with their parents. */
const pausing = (odd: 0 | 1, status: string) => `WITH RECURSIVE family AS (
    SELECT $1::text AS id UNION SELECT child.id FROM directive_executions child JOIN family ON child.parent_id = family.id),
  run AS (
    UPDATE directive_executions SET pauses = pauses + 1, status = ${status}, ${STAMP}
    WHERE id IN (SELECT id FROM family) AND ${OPEN} AND pauses % 2 = ${odd} RETURNING id, pauses),
  ${telling(odd === 0 ? 'execution.pause' : 'execution.resume', 'pause', `'pause'::text`, 'to_json(pauses)', '$2::text')}`;

const PAUSE = pausing(0, `'paused'`);
const RESUME = pausing(1, `CASE WHEN workflow_run_id IS NULL THEN 'pending' ELSE 'running' END`);

/** What people do with a run that is under way. */
export class RunControl {
  constructor(private readonly dataSource: DataSource) {}

  /** Tells a run something; a `wait` step with that signal takes it, now or later. */
  async signal(id: string, name: string, payload: Json, actor: string): Promise<void> {
    if (!SIGNAL_NAME.test(name)) {
      const text = `${JSON.stringify(name).slice(0, 100)} is not the name of a signal. Use letters, digits, "_", "-" and ".", at most 64, a letter first.`;
      throw new MissionError('input_invalid', text);
    }
    const text = JSON.stringify(payload ?? null);
    if (Buffer.byteLength(text) > MAX_INPUT_BYTES) {
      throw new MissionError('too_large', `The payload has more than ${MAX_INPUT_BYTES} bytes.`);
    }
    await this.refuseFlood(id);
    const [row] = await this.dataSource.query(SIGNAL, [id, name, text, actor]);
    if (!row) throw await this.whyNot(id);
  }

  /** Nothing begins any more, in its child runs neither; what is under way comes to its end. A run that is paused stays so. */
  async pause(id: string, actor: string): Promise<void> {
    const paused = await this.dataSource.query<{ id: string }[]>(PAUSE, [id, actor]);
    const itself = paused.some((run) => run.id === id);
    if (!itself && (await this.stateOf(id)) !== 'paused') throw await this.whyNot(id);
  }

  async resume(id: string, actor: string): Promise<void> {
    const resumed = await this.dataSource.query<{ id: string }[]>(RESUME, [id, actor]);
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
    const text = `${count} messages wait for the run already. Send the signal again later.`;
    throw new MissionError('too_many_requests', text);
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
    return new MissionError('conflict', `The run has ended already: ${state}.`);
  }
}
