import type { DataSource } from 'typeorm';
import type { Recorder } from '../../observation/record.js';
import { pauseByKernel } from './pause-by-kernel.js';

const BATCH = 200;
/** Failures in a row after which an automation is paused. */
const MOST_FAILURES = 5;

const ENDED = `WITH ended AS (
    SELECT o.id, e.status, e.completed_at FROM automation_occurrences o
    JOIN directive_executions e ON e.id = o.execution_id
    WHERE o.ended_at IS NULL AND e.completed_at IS NOT NULL
    ORDER BY e.completed_at LIMIT ${BATCH} FOR UPDATE OF o SKIP LOCKED),
  settled AS (UPDATE automation_occurrences o SET outcome = ended.status, ended_at = ended.completed_at
    FROM ended WHERE o.id = ended.id AND o.ended_at IS NULL RETURNING o.automation_id, o.outcome, o.ended_at),
  counts AS (SELECT automation_id, max(ended_at) FILTER (WHERE outcome = 'success') AS success,
      count(*) FILTER (WHERE outcome = 'error') AS errors FROM settled GROUP BY automation_id),
  since AS (SELECT c.automation_id, count(s.*) FILTER (WHERE s.outcome = 'error' AND s.ended_at > c.success) AS errors
    FROM counts c JOIN settled s USING (automation_id) GROUP BY c.automation_id)
  UPDATE automations a SET
    failures = CASE WHEN counts.success IS NULL THEN a.failures + counts.errors ELSE since.errors END,
    last_success_at = greatest(a.last_success_at, counts.success)
  FROM counts JOIN since USING (automation_id) WHERE a.id = counts.automation_id
  RETURNING a.name, counts.success IS NOT NULL AS succeeded`;
const FAILING = `SELECT a.id, a.name, a.failures, o.execution_id, o.cause FROM automations a
  LEFT JOIN LATERAL (SELECT execution_id, cause FROM automation_occurrences o
    WHERE o.automation_id = a.id AND (o.outcome = 'error' OR o.status = 'failed') ORDER BY o.id DESC LIMIT 1) o ON true
  WHERE a.deleted_at IS NULL AND a.enabled AND a.failures >= ${MOST_FAILURES}`;
const OVERDUE_ENDED = `UPDATE alerts SET status = 'resolved'
  WHERE kind = 'automation_overdue' AND status = 'open' AND subject = ANY($1)`;

interface Failing {
  id: string;
  name: string;
  failures: number;
  execution_id: string | null;
  cause: string | null;
}

/** Follows the runs of automations to their ends, and pauses what fails again and again. */
export class Settlement {
  constructor(
    private readonly dataSource: DataSource,
    private readonly recorder: Recorder,
  ) {}

  async settle(): Promise<void> {
    const [rows] = await this.dataSource.query<[{ name: string; succeeded: boolean }[]]>(ENDED);
    const good = rows.filter(({ succeeded }) => succeeded).map(({ name }) => `automation:${name}`);
    if (good.length > 0) await this.dataSource.query(OVERDUE_ENDED, [good]);
    for (const failing of await this.dataSource.query<Failing[]>(FAILING))
      await this.pause(failing);
  }

  private async pause({ id, name, failures, execution_id, cause }: Failing): Promise<void> {
    const last = execution_id ? `the last one was run ${execution_id}` : (cause ?? '');
    await pauseByKernel(this.dataSource, this.recorder, {
      id,
      name,
      kind: 'automation_failing',
      note: `${failures} failures in a row; ${last}`,
      run: execution_id,
    });
  }
}
