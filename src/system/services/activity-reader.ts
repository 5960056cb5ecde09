import type { DataSource } from 'typeorm';
import { MissionError } from '../../contracts/errors.js';

/** Finished runs of a directive that tell how long its steps usually take. */
const HISTORY_RUNS = 50;
/** A step may take this many times what it usually takes. */
const PATIENCE = 3;

/** Something that should go on: a run, or a conversation with messages that wait. */
export interface ActiveThread {
  /** The id of a run, or of a conversation. */
  id: string;
  kind: 'run' | 'conversation';
  directive: string;
  started_at: string;
  last_activity_at: string;
  idle_seconds: number;
}

export interface ThreadHealth {
  status: 'healthy' | 'stalled' | 'failed';
  thread_id: string;
  idle_seconds: number;
  /** The silence after which it counts as stalled. */
  allowed_seconds: number;
  /** What the verdict rests upon, in a sentence. */
  reason: string;
}

/** The last sign of life of a run `e`, its child runs included. */
const LAST = `greatest(e.started_at, e.created_at,
  (SELECT max(greatest(s.started_at, s.completed_at, (s.progress->>'at')::timestamptz))
   FROM execution_steps s JOIN directive_executions r ON r.id = s.run_id WHERE r.root_id = e.id),
  (SELECT max(l.at) FROM log_entries l JOIN directive_executions r ON r.id = l.run_id WHERE r.root_id = e.id))`;

const ACTIVE = `SELECT * FROM (
    SELECT e.id, 'run' AS kind, e.directive_name AS directive, e.created_at AS started, ${LAST} AS last
    FROM directive_executions e WHERE e.status IN ('pending', 'running') AND e.parent_id IS NULL AND e.id <> $2
    UNION ALL
    SELECT t.id, 'conversation', t.directive_name, min(m.created_at), greatest(max(t.updated_at), min(m.created_at))
    FROM threads t JOIN thread_messages m ON m.thread_id = t.id AND m.status = 'queued'
    WHERE t.status <> 'paused' AND NOT EXISTS (
      SELECT 1 FROM thread_messages o WHERE o.thread_id = t.id AND o.status = 'running')
    GROUP BY t.id, t.directive_name) active
  ORDER BY last LIMIT $1`;

const RUN = `SELECT e.id, e.status, e.directive_name, e.slot_key IS NOT NULL AND NOT e.slot_held AS queued,
    ${LAST} AS last, now() AS now FROM directive_executions e WHERE e.id = $1`;
const OPEN_STEPS = `SELECT r.directive_name, s.path, s.name, s.status FROM execution_steps s
  JOIN directive_executions r ON r.id = s.run_id
  WHERE r.root_id = $1 AND s.status IN ('running', 'waiting') AND s.completed_at IS NULL`;
const USUAL = `SELECT percentile_cont(0.95) WITHIN GROUP (ORDER BY s.duration_ms) AS p95, count(*)::int AS count
  FROM (SELECT id FROM directive_executions WHERE directive_name = $1 AND completed_at IS NOT NULL
    ORDER BY created_at DESC LIMIT ${HISTORY_RUNS}) r
  JOIN execution_steps s ON s.run_id = r.id AND s.path = $2 AND s.status = 'success'`;
const CONVERSATION = `SELECT t.status, greatest(t.updated_at, min(m.created_at)) AS last, count(m.id)::int AS waiting,
    bool_or(o.id IS NOT NULL) AS answering, now() AS now
  FROM threads t LEFT JOIN thread_messages m ON m.thread_id = t.id AND m.status = 'queued'
  LEFT JOIN thread_messages o ON o.thread_id = t.id AND o.status = 'running'
  WHERE t.id = $1 GROUP BY t.id`;

interface RunState {
  id: string;
  status: string;
  directive_name: string;
  queued: boolean;
  last: Date;
  now: Date;
}

interface OpenStep {
  directive_name: string;
  path: string;
  name: string;
  status: 'running' | 'waiting';
}

/** Reads what should go on, and judges it against its own history. */
export class ActivityReader {
  constructor(private readonly dataSource: DataSource) {}

  /** What is active, the longest silent first. `except`: a run that is left out, such as the one that asks. */
  async active(limit: number, except: string): Promise<ActiveThread[]> {
    const rows = await this.dataSource.query<
      (Pick<ActiveThread, 'id' | 'kind' | 'directive'> & { started: Date; last: Date })[]
    >(ACTIVE, [limit, except]);
    return rows.map(({ id, kind, directive, started, last }) => ({
      id,
      kind,
      directive,
      started_at: started.toISOString(),
      last_activity_at: last.toISOString(),
      idle_seconds: secondsBetween(last, new Date()),
    }));
  }

  /** @throws MissionError `not_found` */
  async health(id: string, timeoutSeconds: number): Promise<ThreadHealth> {
    const [run] = await this.dataSource.query<RunState[]>(RUN, [id]);
    return run ? this.ofRun(run, timeoutSeconds) : this.ofConversation(id, timeoutSeconds);
  }

  private async ofRun(run: RunState, timeout: number): Promise<ThreadHealth> {
    const { id, status, last, now } = run;
    const found = {
      thread_id: id,
      idle_seconds: secondsBetween(last, now),
      allowed_seconds: timeout,
    };
    if (status === 'error') return { ...found, status: 'failed', reason: 'it has failed' };
    if (status !== 'running' && status !== 'pending')
      return { ...found, status: 'healthy', reason: `it is ${status}` };
    if (run.queued) return { ...found, status: 'healthy', reason: 'it waits for a slot' };
    const steps = await this.dataSource.query<OpenStep[]>(OPEN_STEPS, [id]);
    const running = steps.filter((step) => step.status === 'running');
    if (running.length === 0 && steps.length > 0)
      return { ...found, status: 'healthy', reason: `it waits in ${steps[0]!.name}` };
    const { allowed, why } = await this.allowed(running, timeout);
    const isStalled = found.idle_seconds > allowed;
    return {
      ...found,
      allowed_seconds: allowed,
      status: isStalled ? 'stalled' : 'healthy',
      reason: `silent for ${found.idle_seconds} s ${isStalled ? 'of' : 'within'} ${allowed} s (${why})`,
    };
  }

  /** The longest silence that the running steps explain. */
  private async allowed(
    running: OpenStep[],
    timeout: number,
  ): Promise<{ allowed: number; why: string }> {
    let best = { allowed: timeout, why: 'the timeout of the check' };
    for (const { directive_name, path, name } of running) {
      const [usual] = await this.dataSource.query<{ p95: number | null; count: number }[]>(USUAL, [
        directive_name,
        path,
      ]);
      const seconds = Math.ceil((PATIENCE * (usual?.p95 ?? 0)) / 1_000);
      if (seconds <= best.allowed) continue;
      const why = `${PATIENCE} times what 95 of 100 of the last ${usual!.count} runs of ${name} took`;
      best = { allowed: seconds, why };
    }
    return best;
  }

  private async ofConversation(id: string, timeout: number): Promise<ThreadHealth> {
    const [row] = await this.dataSource.query<
      { status: string; last: Date; waiting: number; answering: boolean; now: Date }[]
    >(CONVERSATION, [id]);
    if (!row) throw new MissionError('not_found', `There is no run and no conversation ${id}.`);
    const idle = secondsBetween(row.last, row.now);
    const found = { thread_id: id, idle_seconds: idle, allowed_seconds: timeout };
    if (row.status === 'error') return { ...found, status: 'failed', reason: 'it has failed' };
    const isStalled =
      row.waiting > 0 && !row.answering && row.status !== 'paused' && idle > timeout;
    const reason = isStalled
      ? `${row.waiting} messages wait for ${idle} s, and none is being answered`
      : row.waiting > 0
        ? `${row.waiting} messages wait`
        : 'no message waits';
    return { ...found, status: isStalled ? 'stalled' : 'healthy', reason };
  }
}

const secondsBetween = (from: Date, to: Date): number =>
  Math.max(0, Math.round((to.getTime() - from.getTime()) / 1_000));
