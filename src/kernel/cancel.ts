import type { DataSource } from 'typeorm';
import { CHANNELS } from '../contracts/engine.js';
import { MissionError } from '../contracts/errors.js';
import { DEFAULT_GRACE_SECONDS } from '../runs/grace.js';
import { OPEN, STAMP } from '../platform/database/run-sql.js';

/** Who wants the end of a run, and how long it may take. */
export interface CancelRequest {
  actor: string;
  reason?: string | null;
  /** The run is ended hard when it has not ended by then; absent = what `language.md` grants an ending. */
  graceSeconds?: number | null;
  /** No grace at all: compensations and `always` are cut off, too. */
  force?: boolean | null;
}

const MAX_GRACE_SECONDS = 30 * 86_400;

/** A repetition may change the time, not take it back: without one of its own, the first one's stands. */
const CANCEL = `WITH run AS (
    UPDATE directive_executions AS e SET cancel_requested = true, cancel_reason = coalesce(e.cancel_reason, $2),
      cancel_due_at = CASE WHEN $4::float8 IS NULL THEN coalesce(e.cancel_due_at, now() + ${DEFAULT_GRACE_SECONDS} * interval '1 second')
        ELSE now() + $4 * interval '1 second' END,
      ${STAMP}
    WHERE id = $1 AND ${OPEN} RETURNING id, cancel_due_at),
  asked AS (INSERT INTO outbox (kind, run_id) SELECT 'cancel', id FROM run
    WHERE NOT EXISTS (SELECT 1 FROM outbox WHERE run_id = $1 AND kind = 'cancel')),
  moved AS (UPDATE outbox SET due_at = run.cancel_due_at, attempts = 0 FROM run
    WHERE outbox.run_id = run.id AND outbox.kind = 'terminate'),
  last AS (INSERT INTO outbox (kind, run_id, due_at) SELECT 'terminate', id, cancel_due_at FROM run
    WHERE NOT EXISTS (SELECT 1 FROM outbox WHERE run_id = $1 AND kind = 'terminate')),
  audited AS (INSERT INTO audit_events (actor, action, target, data)
    SELECT $3, 'execution.cancel', 'execution:' || id,
      json_build_object('reason', $2::text, 'force', $4::float8 IS NOT DISTINCT FROM 0, 'due_at', cancel_due_at) FROM run)
  SELECT id, pg_notify('${CHANNELS.outbox}', '') FROM run`;

/** Asks for the end of runs. Their compensations and bookkeeping still happen, within a time. */
export class Canceller {
  constructor(private readonly dataSource: DataSource) {}

  async cancel(id: string, request: CancelRequest): Promise<void> {
    const { actor, reason } = request;
    const [row] = await this.dataSource.query(CANCEL, [
      id,
      reason ?? null,
      actor,
      graceOf(request),
    ]);
    if (row) return;
    const [ended] = await this.dataSource.query(
      'SELECT status FROM directive_executions WHERE id = $1',
      [id],
    );
    if (!ended) throw new MissionError('not_found', `There is no run ${id}.`);
    throw new MissionError('conflict', `The run has ended already: ${ended.status}.`);
  }
}

function graceOf({ graceSeconds, force }: CancelRequest): number | null {
  if (graceSeconds === null || graceSeconds === undefined) return force ? 0 : null;
  if (force) throw new MissionError('input_invalid', 'Give either a grace or force, not both.');
  if (graceSeconds >= 0 && graceSeconds <= MAX_GRACE_SECONDS) return graceSeconds;
  const text = `The grace is ${graceSeconds} s; it must be 0 to ${MAX_GRACE_SECONDS}.`;
  throw new MissionError('input_invalid', text);
}
