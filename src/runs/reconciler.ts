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
/** A run is compared with Temporal once it is this many seconds old. */
const MIN_AGE_SECONDS = 20;
const BATCH = 200;
/** Key of the advisory lock under which one worker at a time reconciles. No other lock may use this number. */
const LOCK = 7_264_517;

const OPEN_RUNS = `SELECT e.id, e.directive_name, e.workflow_id, e.workflow_run_id FROM directive_executions e
  WHERE e.status NOT IN ('success', 'error', 'cancelled') AND e.id > $1
    AND coalesce(e.started_at, e.created_at) < now() - interval '${MIN_AGE_SECONDS} seconds'
    AND (e.slot_key IS NULL OR e.slot_held)
    AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.run_id = e.id AND (o.kind <> 'terminate' OR o.due_at < now()))
  ORDER BY e.id LIMIT ${BATCH}`;

/** Characters of a run's id (a UUID), with which the workflow's id ends. */
const ID_LENGTH = 36;

/** A round looks at the Temporal runs that started within this time: longer than a round, so that none is missed. */
const FRESH_MS = 120_000;
const MAX_CHECKED = 10_000;

/**
 * Selects the workflows of $1 whose row names another Temporal run than $2: they continued as new, or were reset.
 * A workflow's id ends with the id of its run.
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
 * Makes the database agree with Temporal after crashes. A run whose workflow has ended is ended in the database. A run
 * that Temporal does not know is started again; its journal keeps finished steps finished.
 */
export class Reconciler {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  /** Runs that the last round found running: this round skips them, so that each is checked in every other round. */
  private seen = new Set<string>();
  /** Temporal runs that were checked for a reset already. */
  private readonly checkedForReset = new Set<string>();

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

  /** Compares every open run of some age with Temporal, once. Never rejects. */
  async round(): Promise<void> {
    const runner = this.dataSource.createQueryRunner();
    try {
      const [lock] = await runner.query('SELECT pg_try_advisory_lock($1) AS mine', [LOCK]);
      if (!lock.mine) return;
      try {
        await this.all();
        await this.reopenReset();
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
      const runs: EngineIdentity[] = await this.dataSource.query(OPEN_RUNS, [after]);
      const due = runs.filter(({ id }) => !this.seen.has(id));
      const running = await this.listedAsRunning(due);
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
   * Returns the engine ids of the given runs that Temporal lists as running, with one query. The list may lag behind: a run
   * that is missing is described by itself, and one that has just ended is missing in a later round.
   */
  private async listedAsRunning(runs: EngineIdentity[]): Promise<Set<string>> {
    const ids = runs.map((run) => `'${engineIdOf(run)}'`).join(', ');
    if (ids === '') return new Set();
    const query = `ExecutionStatus = 'Running' AND WorkflowId IN (${ids})`;
    const running = new Set<string>();
    try {
      for await (const { workflowId } of this.client.workflow.list({ query, pageSize: BATCH })) {
        running.add(workflowId);
      }
    } catch (error) {
      // The memo of one workflow cannot be decrypted: then each run is described by itself.
      if (!isConfigFault(error)) throw error;
    }
    return running;
  }

  /** Reopens runs whose workflow an operator has reset: they have ended in the database and run again in Temporal. */
  private async reopenReset(): Promise<void> {
    const since = new Date(Date.now() - FRESH_MS).toISOString();
    const query = `ExecutionStatus = 'Running' AND StartTime > '${since}'`;
    const engineRuns = new Map<string, string>();
    for await (const { workflowId, runId } of this.client.workflow.list({
      query,
      pageSize: 1_000,
    })) {
      if (!this.checkedForReset.has(runId)) engineRuns.set(workflowId, runId);
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
      this.logger.info({ run: id }, 'a run was reset in Temporal');
    }
    if (this.checkedForReset.size >= MAX_CHECKED) this.checkedForReset.clear();
    this.checkedForReset.add(runId);
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
      this.logger.info({ run: id, status: outcome.status }, 'a run had already ended in Temporal');
    } catch (error) {
      if (isConfigFault(error)) return this.warn(id, error);
      if (!(error instanceof WorkflowNotFoundError)) throw error;
      await this.dataSource.query(
        `INSERT INTO outbox (kind, run_id) SELECT 'start', $1
         WHERE NOT EXISTS (SELECT 1 FROM outbox WHERE run_id = $1 AND kind <> 'terminate')`,
        [id],
      );
      this.logger.info({ run: id }, 'a run was unknown to Temporal and is started now');
    }
  }

  private warn(run: string, { message: error }: MissionError): void {
    this.logger.warn({ run, error }, 'the state of a run could not be checked');
  }

  /** The outcome that Temporal reports for an ended workflow. */
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
      message: 'Temporal ended the run: it took longer than limits.duration_seconds.',
    },
  },
};
