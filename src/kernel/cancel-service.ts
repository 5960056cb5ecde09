import type { DataSource } from 'typeorm';
import { MissionError } from '../contracts/errors.js';
import { DEFAULT_GRACE_SECONDS } from '../runs/ending/grace.js';
import { audited } from '../platform/database/sql/audited.js';
import { notify } from '../platform/database/sql/notify.js';
import { query } from '../platform/database/sql/query.js';
import { OPEN, STAMP } from '../platform/database/sql/run-sql.js';
import { literal, sql, type Sql } from '../platform/database/sql/sql.js';
import { Redactor } from '../platform/redaction/redactor.js';

/** A request to cancel a run. */
export interface CancelRequest {
  actor: string;
  reason?: string | null;
  /** Seconds after which a run that has not ended is ended hard; absent = 30 s more than an ending may take. */
  graceSeconds?: number | null;
  /** True = no grace: compensations and `always` are cut off, too. */
  force?: boolean | null;
}

const MAX_GRACE_SECONDS = 30 * 86_400;

interface Cancellation {
  id: string;
  reason: string | null;
  actor: string;
  /** Seconds; null = the default. */
  grace: number | null;
}

/** A repeated request with a grace replaces the time of the hard end; one without a grace leaves the time as it is. */
const cancelOf = ({ id, reason, actor, grace }: Cancellation): Sql => sql`WITH run AS (
    UPDATE directive_executions AS e SET cancel_requested = true, cancel_reason = coalesce(e.cancel_reason, ${reason}),
      cancel_due_at = CASE WHEN ${grace}::float8 IS NULL THEN coalesce(e.cancel_due_at, now() + ${DEFAULT_GRACE_SECONDS} * interval '1 second')
        ELSE now() + ${grace} * interval '1 second' END,
      ${STAMP}
    WHERE id = ${id} AND ${OPEN} RETURNING id, cancel_due_at),
  asked AS (INSERT INTO outbox (kind, run_id) SELECT 'cancel', id FROM run
    WHERE NOT EXISTS (SELECT 1 FROM outbox WHERE run_id = ${id} AND kind = 'cancel')),
  moved AS (UPDATE outbox SET due_at = run.cancel_due_at, attempts = 0 FROM run
    WHERE outbox.run_id = run.id AND outbox.kind = 'terminate'),
  last AS (INSERT INTO outbox (kind, run_id, due_at) SELECT 'terminate', id, cancel_due_at FROM run
    WHERE NOT EXISTS (SELECT 1 FROM outbox WHERE run_id = ${id} AND kind = 'terminate')),
  audited AS (${audited({
    actor: sql`${actor}`,
    action: literal('execution.cancel'),
    target: sql`'execution:' || id`,
    data: sql`json_build_object('reason', ${reason}::text, 'force', ${grace}::float8 IS NOT DISTINCT FROM 0, 'due_at', cancel_due_at)`,
    from: sql`run`,
  })})
  SELECT id, ${notify('outbox')} FROM run`;

/** Requests the cancellation of runs. Compensations and `always` still run, within the grace. */
export class CancelService {
  /** `redactor`: removes secrets from the reason before the reason is stored. */
  constructor(
    private readonly dataSource: DataSource,
    private readonly redactor = new Redactor(),
  ) {}

  async cancel(id: string, request: CancelRequest): Promise<void> {
    const { actor } = request;
    const reason = request.reason ? this.redactor.line(request.reason) : null;
    const cancellation = { id, reason, actor, grace: graceOf(request) };
    const [row] = await query<{ id: string }>(this.dataSource, cancelOf(cancellation));
    if (row) return;
    const [ended] = await this.dataSource.query(
      'SELECT status FROM directive_executions WHERE id = $1',
      [id],
    );
    if (!ended) throw new MissionError('not_found', `There is no run ${id}.`);
    throw new MissionError('conflict', `The run has already ended: ${ended.status}.`);
  }
}

function graceOf({ graceSeconds, force }: CancelRequest): number | null {
  if (graceSeconds === null || graceSeconds === undefined) return force ? 0 : null;
  if (force)
    throw new MissionError('input_invalid', 'Give either a grace period or force, not both.');
  if (graceSeconds >= 0 && graceSeconds <= MAX_GRACE_SECONDS) return graceSeconds;
  const text = `The grace period is ${graceSeconds} s; it must be 0 to ${MAX_GRACE_SECONDS} s.`;
  throw new MissionError('input_invalid', text);
}
