import {
  type Client,
  WorkflowNotFoundError,
  type WorkflowExecutionStatusName,
} from '@temporalio/client';
import { ApplicationFailure, WorkflowFailedError } from '@temporalio/client';
import type { DataSource } from 'typeorm';
import { audited } from '../platform/database/sql/audited.js';
import { query } from '../platform/database/sql/query.js';
import { literal, sql, type Sql } from '../platform/database/sql/sql.js';
import { MissionError } from '../contracts/errors.js';
import type { Outcome } from '../contracts/execution.js';
import type { Json } from '../contracts/json/json.js';
import type { Logger } from '../platform/logger.js';
import { finishRun } from './ending/finish.js';
import { terminatedOutcome } from './ending/external-termination.js';
import { reopenRun } from './ending/reopen.js';
import { type EngineIdentity, engineIdOf } from '../contracts/run/engine-id.js';

const EVERY_MS = 15_000;
/** A run that has said nothing for so long is compared with the engine. */
const QUIET_SECONDS = 20;
const BATCH = 200;
/** Any number that no other advisory lock uses: one worker reconciles at a time. */
const LOCK = 7_264_517;

const QUIET = `SELECT e.id, e.directive_name, e.workflow_id, e.workflow_run_id FROM directive_executions e
  WHERE e.status NOT IN ('success', 'error', 'cancelled') AND e.id > $1
    AND coalesce(e.started_at, e.created_at) < now() - interval '${QUIET_SECONDS} seconds'
    AND (e.slot_key IS NULL OR e.slot_held)
    AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.run_id = e.id AND (o.kind <> 'terminate' OR o.due_at < now()))
  ORDER BY e.id LIMIT ${BATCH}`;

/** Characters of a run's id. */
const ID_LENGTH = 36;

/** Several rounds see each run of the engine that began meanwhile. */
const FRESH_MS = 120_000;
const MOST_LOOKED = 10_000;

/**
 * Of workflows $1 those whose row knows of another run of the engine than $2: they went on in a new history, or were
 * reset. The id of a run is the end of its workflow's.
 */
const OTHER_RUNS = `SELECT e.id, now.id AS engine_id FROM unnest($1::text[], $2::text[]) AS now(id, run_id)
  JOIN directive_executions e ON e.id = right(now.id, ${ID_LENGTH}) AND coalesce(e.workflow_id, e.id) = now.id
  WHERE e.workflow_run_id IS DISTINCT FROM now.run_id AND e.workflow_run_id IS NOT NULL`;

const resetOf = (id: string, engineRun: string): Sql =>
  audited({
    actor: literal('temporal'),
    action: literal('execution.reset'),
    target: sql`${`execution:${id}`}::text`,
    data: sql`json_build_object('workflow_run_id', ${engineRun}::text)`,
    once: sql`${engineRun}::text`,
  });

/**
 * Makes the database agree with the engine after crashes: a run that ended there ends here, a run that
 * the engine does not know is started (again); its journal keeps finished steps finished.
 */
export class Reconciler {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  /** Runs that the last round saw at work: they are asked about in every other one, which is soon enough. */
  private seen = new Set<string>();
  /** Runs of the engine that need no second look. */
  private readonly looked = new Set<string>();

  constructor(
    readonly dataSource: DataSource,
    readonly client: Client,
    private readonly logger: Logger,
  ) {}

  start(): void {
    this.timer = setInterval(() => {
      this.running = this.running.then(() => this.round());
    }, EVERY_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  /** One look at every run that has been quiet. Never rejects. */
  async round(): Promise<void> {
    const runner = this.dataSource.createQueryRunner();
    try {
      const [lock] = await runner.query('SELECT pg_try_advisory_lock($1) AS mine', [LOCK]);
      if (!lock.mine) return;
      try {
        await this.all();
        await this.takenBack();
      } finally {
        await runner.query('SELECT pg_advisory_unlock($1)', [LOCK]);
      }
    } catch (error) {
      this.logger.warn({ error: String(error) }, 'runs could not be reconciled');
    } finally {
      await runner.release().catch(() => {});
    }
  }

  private async all(): Promise<void> {
    const seen = new Set<string>();
    for (let after = ''; ;) {
      const runs: EngineIdentity[] = await this.dataSource.query(QUIET, [after]);
      const due = runs.filter(({ id }) => !this.seen.has(id));
      const running = await this.listed(due);
      for (const run of due) {
        if (running.has(engineIdOf(run))) seen.add(run.id);
        else await this.one(run);
      }
      if (runs.length < BATCH) break;
      after = runs.at(-1)!.id;
    }
    this.seen = seen;
  }

  /**
   * Those that the engine lists as running: one question for all of them. Its list may be late, in either
   * way: who is missing there is looked at, who has just ended is missing the next time.
   */
  private async listed(runs: EngineIdentity[]): Promise<Set<string>> {
    const ids = runs.map((run) => `'${engineIdOf(run)}'`).join(', ');
    if (ids === '') return new Set();
    const query = `ExecutionStatus = 'Running' AND WorkflowId IN (${ids})`;
    const running = new Set<string>();
    try {
      for await (const { workflowId } of this.client.workflow.list({ query, pageSize: BATCH })) {
        running.add(workflowId);
      }
    } catch (error) {
      // The memo of one cannot be decrypted: each is looked at by itself then.
      if (!isConfigFault(error)) throw error;
    }
    return running;
  }

  /** Runs that an operator took back to an earlier point: they have ended here, and go on there. */
  private async takenBack(): Promise<void> {
    const since = new Date(Date.now() - FRESH_MS).toISOString();
    const query = `ExecutionStatus = 'Running' AND StartTime > '${since}'`;
    const engineRuns = new Map<string, string>();
    for await (const { workflowId, runId } of this.client.workflow.list({
      query,
      pageSize: 1_000,
    })) {
      if (!this.looked.has(runId)) engineRuns.set(workflowId, runId);
    }
    const others: { id: string; engine_id: string }[] = await this.dataSource.query(OTHER_RUNS, [
      [...engineRuns.keys()],
      [...engineRuns.values()],
    ]);
    for (const { id, engine_id } of others) {
      await this.maybeReset(id, engine_id, engineRuns.get(engine_id)!);
    }
  }

  private async maybeReset(id: string, engineId: string, runId: string): Promise<void> {
    const { status, raw } = await this.client.workflow.getHandle(engineId, runId).describe();
    const { lastResetTime } = raw.workflowExtendedInfo ?? {};
    if (lastResetTime && status.name === 'RUNNING') {
      await query(this.dataSource, resetOf(id, runId));
      await reopenRun(this.dataSource, id, runId);
      this.logger.info({ run: id }, 'a run that was reset in the engine');
    }
    if (this.looked.size >= MOST_LOOKED) this.looked.clear();
    this.looked.add(runId);
  }

  private async one(run: EngineIdentity): Promise<void> {
    const { id } = run;
    const engineId = engineIdOf(run);
    const handle = this.client.workflow.getHandle(engineId);
    try {
      const { status, runId } = await handle.describe();
      if (status.name === 'RUNNING' || status.name === 'CONTINUED_AS_NEW') return;
      const outcome = await this.outcome(id, { workflowId: engineId, runId }, status.name);
      await finishRun(this.dataSource, id, outcome, { engineRunId: runId });
      this.logger.info({ run: id, status: outcome.status }, 'a run that ended in the engine');
    } catch (error) {
      if (isConfigFault(error)) return this.warn(id, error);
      if (!(error instanceof WorkflowNotFoundError)) throw error;
      await this.dataSource.query(
        `INSERT INTO outbox (kind, run_id) SELECT 'start', $1
         WHERE NOT EXISTS (SELECT 1 FROM outbox WHERE run_id = $1 AND kind <> 'terminate')`,
        [id],
      );
      this.logger.info({ run: id }, 'a run that the engine does not know is started');
    }
  }

  private warn(run: string, { message: error }: MissionError): void {
    this.logger.warn({ run, error }, 'a run could not be looked at');
  }

  /** What the engine says of a run's end. */
  private async outcome(
    id: string,
    engine: { workflowId: string; runId: string },
    status: WorkflowExecutionStatusName,
  ): Promise<Outcome> {
    const text = ENDS[status];
    if (text) return text;
    if (status === 'TERMINATED') return terminatedOutcome(this, id, engine);
    try {
      const result = (await this.client.workflow.result(engine.workflowId)) as Json;
      return { status: 'success', result };
    } catch (error) {
      if (!(error instanceof WorkflowFailedError)) throw error;
      const { cause } = error;
      const code = (cause instanceof ApplicationFailure && cause.type) || 'internal';
      return { status: 'error', error: { code, message: cause?.message ?? error.message } };
    }
  }
}

const isConfigFault = (error: unknown): error is MissionError =>
  error instanceof MissionError && error.code === 'config_invalid';

const ENDS: Partial<Record<WorkflowExecutionStatusName, Outcome>> = {
  CANCELLED: {
    status: 'cancelled',
    error: { code: 'cancelled', message: 'The run was cancelled.' },
  },
  TIMED_OUT: {
    status: 'error',
    error: {
      code: 'duration_seconds_exceeded',
      message: 'The engine ended the run: it took longer than limits.duration_seconds.',
    },
  },
};
