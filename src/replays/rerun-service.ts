import type { DataSource } from 'typeorm';
import { MissionError } from '../contracts/errors.js';
import type { Execution } from '../contracts/execution.js';
import type { Json, JsonObject } from '../contracts/json/json.js';
import type { Permissions } from '../contracts/permission.js';
import type { Plan, PlanStep } from '../contracts/plan.js';
import type { Seed } from '../contracts/run/rerun.js';
import type { Records, StepRecord } from '../contracts/run/records.js';
import type { StepPlace } from '../contracts/run/place.js';
import { offloadRecord } from '../language/run/state/offload.js';
import { namesRead } from '../language/plan/names-read.js';
import { guardedSteps } from '../language/plan/approval/guarded-steps.js';
import { changesBefore, inputsRead } from '../language/plan/change/plan-changes.js';
import { rerunPoint } from '../language/plan/change/rerun-point.js';
import { type Before, pathsRead, reusableBefore } from '../language/plan/change/reusable.js';
import { StepFailure, StopSignal } from '../language/run/state/signals.js';
import { withHooks } from '../language/plan/steps/with-hooks.js';
import { inner } from '../language/plan/steps/step-blocks.js';
import { stepPositions } from '../language/plan/steps/step-positions.js';
import type { ExecutionRow } from '../platform/database/entities/runs/execution.row.js';
import type { Blobs } from '../runs/values/blobs.js';
import type { Plans } from '../runs/values/plans.js';
import { REUSABLE, reusableOf } from '../runs/dispatch/reuse-steps.js';
import { endedRun } from './ended-run.js';
import type { DirectiveRegistry } from '../kernel/directive-registry.js';
import type { Executor } from '../kernel/execute.js';
import { refuseForeignSecrets } from './foreign-secrets.js';
import { Recording } from './recording.js';
import { replay, type Replayed } from './replay.js';
import { recordedScope } from '../runs/recorded-scope.js';

/** A request to re-run a run. The actor comes from the verified key, never from the client's data. */
export interface RerunRequest {
  /** The name or path of the step at which the re-run begins; absent = the first step. */
  fromStep?: string | null;
  /** The indices of the loops around that step, such as `2.0`. For a loop, the last index is the iteration at which the loop begins. */
  iteration?: string | null;
  /** Inputs that replace those of the old run; the others are taken over. */
  inputs?: JsonObject | null;
  /** `old` (the Plan of the old run, the default), `newest`, or a version. */
  version?: string | null;
  /** A repeated request with the same key and actor returns the same run. */
  idempotencyKey?: string | null;
  actor: string;
  /** The rights of the caller; null = everything. */
  rights?: Permissions;
}

const MAX_SEED_BYTES = 512 * 1024;
const MAX_VALUE_BYTES = 8 * 1024;
const INLINE_SEED_BYTES = 16 * 1024;

type OldRun = ExecutionRow;

/** Starts runs that repeat others. The old run is not changed. */
export class RerunService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly executor: Executor,
    private readonly shelf: DirectiveRegistry,
    private readonly plans: Plans,
    private readonly blobs: Blobs,
  ) {}

  /** Returns the accepted run, or throws a MissionError and writes nothing. */
  async rerun(id: string, request: RerunRequest): Promise<Execution> {
    const old = await endedRun(this.dataSource, id);
    const plan = await this.planOf(old, request.version ?? 'old');
    const inputs = { ...old.inputs, ...request.inputs };
    refuseForeignSecrets(old, plan.inputs, request.inputs ?? {});
    const from = await this.beginning(old, withHooks(plan), inputs, request);
    return this.executor.start({
      directive: old.directive_name,
      inputs,
      ...(request.idempotencyKey != null && { idempotencyKey: request.idempotencyKey }),
      actor: request.actor,
      ...(request.rights !== undefined && { rights: request.rights }),
      triggeredBy: 'rerun',
      repeats: { rerunOf: id, plan, ...(from && { from }) },
    });
  }

  private async planOf(old: OldRun, version: string): Promise<Plan> {
    if (version === 'old') return this.plans.get(old.plan_hash);
    const found = await this.shelf.find(old.directive_name, version === 'newest' ? null : version);
    if (!found) {
      const what = version === 'newest' ? '' : ` ${version}`;
      throw new MissionError(
        'not_found',
        `The directive ${old.directive_name}${what} no longer exists.`,
      );
    }
    const [wrong] = found.diagnostics.filter(({ severity }) => severity === 'error');
    if (found.plan && !wrong) return found.plan;
    const text = `${old.directive_name} cannot run: ${wrong ? `${wrong.line}:${wrong.column} ${wrong.message}` : 'it has no plan'}`;
    throw new MissionError('directive_invalid', text);
  }

  private async beginning(
    old: OldRun,
    plan: Plan,
    inputs: JsonObject,
    { fromStep, iteration }: RerunRequest,
  ) {
    if (fromStep == null && iteration == null) return undefined;
    if (fromStep == null) {
      throw new MissionError(
        'input_invalid',
        'An iteration needs the step or loop that it belongs to.',
      );
    }
    const point = rerunPoint(plan, fromStep, iteration ?? null);
    const before = reusableBefore(plan, point.path);
    const was = withHooks(await this.plans.get(old.plan_hash));
    refuseChangedPlan(was, plan, point, before);
    refuseChangedInputs(plan, before, old.inputs, inputs);
    await this.refuseUndone(old.id, before, point);
    const records = await this.replay(old, plan, inputs, point, before);
    const seed: Seed = { point, reuse: before.reuse, records: await this.lightRecords(records) };
    const kept = await this.blobs.keep(seed as unknown as Json, INLINE_SEED_BYTES);
    return { step: point.path, iteration: point.iteration, seed: kept };
  }

  /** Throws when a step whose result would be reused was compensated: its effects are gone. */
  private async refuseUndone(id: string, { undone }: Before, { iteration }: StepPlace) {
    const rows: { path: string }[] = undone.length
      ? await this.dataSource.query(
          `SELECT DISTINCT s.path ${REUSABLE}`,
          reusableOf(id, undone, iteration),
        )
      : [];
    if (rows.length === 0) return;
    const names = undone.filter(({ path }) => rows.some((row) => row.path === path));
    const [first] = names.map(({ step }) => step);
    const text = `These steps were compensated when the run ended: ${[...new Set(names.map(({ step }) => step))].join(', ')}. Re-run from ${first}, or re-run the whole run.`;
    throw new MissionError('conflict', text);
  }

  /** Replays the old run up to the point, and returns the interpreter's records there. */
  private async replay(
    old: OldRun,
    plan: Plan,
    inputs: JsonObject,
    point: StepPlace,
    { reuse, walked, around }: Before,
  ): Promise<Map<string, StepRecord>> {
    const paths = pathsRead(walked, namesRead(plan));
    const read = reuse.filter(({ path }) => paths.has(path));
    const recording = await Recording.read(this.dataSource, old.id, read, point);
    const run = recordedScope(old);
    const { blobs } = this;
    const replayed = await replay({ plan, run, inputs, recording, point, around, blobs });
    if (replayed.reached) return replayed.records;
    throw notReached(old, point, replayed);
  }

  /** The records for the new run's input, with values as references so that they stay small. */
  private async lightRecords(records: ReadonlyMap<string, StepRecord>): Promise<Records> {
    const share = Math.floor(MAX_SEED_BYTES / Math.max(1, records.size));
    const limit = Math.min(MAX_VALUE_BYTES, share);
    const lightRecords: Records = [];
    for (const [key, record] of records) {
      lightRecords.push([
        key,
        await offloadRecord(record, (value) => this.blobs.keep(value, limit)),
      ]);
    }
    return lightRecords;
  }
}

function refuseChangedPlan(old: Plan, plan: Plan, point: StepPlace, before: Before): void {
  if (JSON.stringify(old) === JSON.stringify(plan)) return;
  const there = stepPositions(old).has(point.path);
  const changes = there
    ? changesBefore(old, plan, [reusableBefore(old, point.path), before])
    : [`${point.path} is new`];
  if (changes.length === 0) return;
  const text = `The steps before ${point.path} differ in version ${plan.directive_version}: ${changes.slice(0, 20).join('; ')}. Re-run from an earlier step, re-run the whole run, or use the old version.`;
  throw new MissionError('conflict', text, { changes });
}

function refuseChangedInputs(plan: Plan, before: Before, old: JsonObject, now: JsonObject): void {
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  const changed = names.filter((name) => JSON.stringify(old[name]) !== JSON.stringify(now[name]));
  const positions = stepPositions(plan);
  const reused = before.reuse.map(({ path }) => positions.get(path)!);
  const steps = [...before.around, ...reused.map(({ steps, index }) => steps[index]!)];
  const readers = steps
    .map((step) => ({ step: step.name, inputs: inputsReadBy(plan, step, changed) }))
    .filter(({ inputs }) => inputs.length > 0);
  if (readers.length === 0) return;
  const list = readers.map(({ step, inputs }) => `${step} (${inputs.join(', ')})`);
  const text = `Steps whose results would be reused read inputs that are changed now: ${list.slice(0, 20).join(', ')}. Re-run from ${readers[0]!.step}, or re-run the whole run.`;
  throw new MissionError('conflict', text, { readers });
}

/** An approval reads the inputs of the steps that it guards as well: it was given for their arguments. */
function inputsReadBy(plan: Plan, step: PlanStep, names: readonly string[]): string[] {
  const guarded = step.kind === 'approve' ? guardedSteps(plan, step.path) : [];
  const read = [step, ...allOf(guarded)].flatMap((each) => inputsRead(each, names));
  return names.filter((name) => read.includes(name));
}

const allOf = (steps: readonly PlanStep[]): PlanStep[] =>
  steps.flatMap((step) => [step, ...allOf(inner(step))]);

function notReached(
  { id, status }: OldRun,
  point: StepPlace,
  { stopped, thrown: ending }: Replayed,
): MissionError {
  if (ending instanceof MissionError) return ending;
  const goal = placeText(point);
  const text = `The step ${goal} never started in the run ${id} (${status}): ${whyNever(ending, stopped)}.`;
  return new MissionError('conflict', text);
}

function whyNever(ending: unknown, stopped: StepPlace | undefined): string {
  if (ending instanceof StopSignal && stopped) {
    const step = placeText(stopped);
    return `the run stopped at ${step}, which did not finish. Re-run from there, or from an earlier step`;
  }
  if (ending instanceof StepFailure) {
    const { step, message } = ending.error;
    return `the step ${step} failed before it (${message}). Re-run from there, or from an earlier step`;
  }
  return 'the run took another branch, or its loop had fewer iterations';
}

const placeText = ({ path, iteration }: StepPlace): string =>
  iteration === '' ? path : `${path} in iteration ${iteration}`;
