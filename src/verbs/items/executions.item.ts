import type { DataSource } from 'typeorm';
import { rightsOf } from '../../access/rights.js';
import { MissionError, type StepError } from '../../contracts/errors.js';
import {
  EXECUTION_STATUSES,
  KERNEL_ACTOR,
  type ExecutionStatus,
} from '../../contracts/execution.js';
import type { Json, JsonObject } from '../../contracts/json/json.js';
import { wordsOf } from '../../intent/words.js';
import type { CancelService } from '../../kernel/cancel-service.js';
import type { ExecutionRow } from '../../platform/database/entities/runs/execution.row.js';
import type { RerunService } from '../../replays/rerun-service.js';
import type { Blobs } from '../../runs/values/blobs.js';
import { actionIn, countIn, objectIn, requiredText, textOf } from '../call/arguments.js';
import type { RunEnds } from '../call/run-ends.js';
import { needs, needsInRun, type VerbCaller } from '../call/verb-caller.js';
import { type Item, notFound, type SearchAnswer, type SearchRow } from './item.js';
import { outcomeOf } from './run-outcome.js';

export interface ExecutionItemOptions {
  dataSource: DataSource;
  ends: RunEnds;
  blobs: Pick<Blobs, 'resolve'>;
  cancelService: Pick<CancelService, 'cancel'>;
  rerunService: Pick<RerunService, 'rerun'>;
}

/** Runs that answer in conversations are left out: they are no work of their own. */
const SEARCH = `SELECT *, count(*) OVER ()::int AS total FROM directive_executions
  WHERE shadow_of IS NULL AND message_id IS NULL
    AND ($1::text[] IS NULL OR status = ANY($1)) AND ($2::timestamptz IS NULL OR created_at >= $2)
    AND ($3::text IS NULL AND actor <> '${KERNEL_ACTOR}' OR directive_name = $3)
    AND NOT EXISTS (SELECT 1 FROM unnest($4::text[]) AS word
      WHERE strpos(lower(directive_name || ' ' || coalesce(error_message, '') || ' ' || id), word) = 0)
  ORDER BY created_at DESC, id DESC LIMIT $5`;
const FIND =
  'SELECT * FROM directive_executions WHERE starts_with(id, $1) ORDER BY created_at DESC LIMIT 2';
const STEPS = `SELECT path, iteration, name, kind, status, attempt, error, started_at FROM execution_steps
  WHERE run_id = $1 AND status IN ('error', 'running', 'waiting') ORDER BY seq LIMIT 20`;
const SHORTEST_ID = 4;
const HOURS = { m: 1 / 60, h: 1, d: 24, w: 168 };

/** Runs: found by directive, state and time; looked at, cancelled and run again. */
export class ExecutionItem implements Item {
  constructor(private readonly options: ExecutionItemOptions) {}

  async search(args: JsonObject, caller: VerbCaller): Promise<SearchAnswer> {
    needs(caller, 'read:executions');
    const rows = await this.options.dataSource.query<(ExecutionRow & { total: number })[]>(SEARCH, [
      statusIn(args),
      sinceIn(args),
      textOf(args, 'directive') ?? null,
      wordsOf(textOf(args, 'query') ?? '').slice(0, 10),
      countIn(args, 'limit', 10, 100),
    ]);
    return { results: rows.map(rowOf), total: rows[0]?.total ?? 0 };
  }

  async load(args: JsonObject, caller: VerbCaller): Promise<JsonObject> {
    needs(caller, 'read:executions');
    const run = await this.find(requiredText(args, 'item_id'));
    const steps = await this.options.dataSource.query<JsonObject[]>(STEPS, [run.id]);
    return {
      item_id: run.id,
      item_type: 'execution',
      source: 'project',
      metadata: metadataOf(run),
      inputs: run.inputs,
      result: await this.options.blobs.resolve(run.result),
      error: errorOf(run.error),
      steps,
    };
  }

  async execute(args: JsonObject, caller: VerbCaller): Promise<JsonObject> {
    const action = actionIn(args, ['cancel', 'rerun'] as const);
    needsInRun(caller, 'execute:kernel:execute', `To ${action} a run`);
    const { id } = await this.find(requiredText(args, 'item_id'));
    const parameters = objectIn(args, 'parameters');
    const about = { item_id: id, item_type: 'execution', action };
    const { actor } = caller.principal;
    if (action === 'cancel') {
      needs(caller, 'write:executions:cancel');
      await this.options.cancelService.cancel(id, {
        actor,
        reason: textOf(parameters, 'reason') ?? null,
      });
      return { ...about, execution_id: id, status: 'cancelling' };
    }
    needs(caller, 'write:executions:rerun');
    const run = await this.options.rerunService.rerun(id, {
      actor,
      rights: rightsOf(caller.principal),
      fromStep: textOf(parameters, 'from_step') ?? null,
      inputs: objectIn(parameters, 'inputs'),
      ...(caller.run && { idempotencyKey: caller.run.key }),
    });
    return { ...about, ...(await outcomeOf(this.options, run, parameters, caller)) };
  }

  /** A run by its id, or by the beginning of its id. */
  private async find(id: string): Promise<ExecutionRow> {
    const rows =
      id.length < SHORTEST_ID
        ? []
        : await this.options.dataSource.query<ExecutionRow[]>(FIND, [id]);
    if (rows.length > 1)
      throw new MissionError(
        'input_invalid',
        `Several runs begin with ${id}: give more of the id.`,
      );
    const [run] = rows;
    if (run) return run;
    throw notFound('run', id);
  }
}

const errorOf = (error: StepError | null): Json =>
  error && {
    code: error.code,
    message: error.message,
    step: error.step ?? null,
    data: error.data ?? null,
  };

function metadataOf(run: ExecutionRow): JsonObject {
  return {
    directive: run.directive_name,
    version: run.directive_version,
    status: run.status,
    actor: run.actor,
    triggered_by: run.triggered_by,
    created_at: run.created_at.toISOString(),
    started_at: run.started_at?.toISOString() ?? null,
    completed_at: run.completed_at?.toISOString() ?? null,
    duration_ms: run.duration_ms,
    ...(run.error && { error: errorOf(run.error) }),
  };
}

const rowOf = (run: ExecutionRow): SearchRow => ({
  id: run.id,
  type: 'execution',
  score: 1,
  preview:
    `${run.directive_name} ${run.status}${run.error_message ? `: ${run.error_message}` : ''}`.slice(
      0,
      200,
    ),
  metadata: metadataOf(run),
  source: 'project',
});

function statusIn(args: JsonObject): ExecutionStatus[] | null {
  const given = textOf(args, 'status');
  if (given === undefined || given === '') return null;
  if (given === 'running') return ['pending', 'running', 'paused'];
  const status = EXECUTION_STATUSES.find((each) => each === given);
  if (status) return [status];
  const text = `status is ${JSON.stringify(given.slice(0, 40))}: there are ${EXECUTION_STATUSES.join(', ')}.`;
  throw new MissionError('input_invalid', text);
}

/** A time, or how long ago: `24h`, `30m`, `7d`. */
function sinceIn(args: JsonObject): Date | null {
  const given = textOf(args, 'since');
  if (given === undefined || given === '') return null;
  const [, count, unit] = /^(\d{1,6})\s*([mhdw])$/.exec(given) ?? [];
  if (unit)
    return new Date(Date.now() - Number(count) * HOURS[unit as keyof typeof HOURS] * 3_600_000);
  const time = Date.parse(given);
  if (!Number.isNaN(time)) return new Date(time);
  const text = `since is ${JSON.stringify(given.slice(0, 40))}: write a time such as 2026-01-31T12:00:00Z, or 24h, 30m, 7d.`;
  throw new MissionError('input_invalid', text);
}
