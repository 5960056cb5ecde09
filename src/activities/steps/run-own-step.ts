import { MissionError } from '../../contracts/errors.js';
import { isObject, type Json, type JsonObject } from '../../contracts/json/json.js';
import type { CallStep, LlmStep, Plan } from '../../contracts/plan.js';
import type { TurnResult } from '../../contracts/model-turn.js';
import type { OwnStepEnd, OwnStepInput, OwnStepOutput } from '../../contracts/run/own-step.js';
import { lightTurn } from '../../language/run/state/light-turn.js';
import { stepPositions } from '../../language/plan/steps/step-positions.js';
import { withHooks } from '../../language/plan/steps/with-hooks.js';
import type { Blobs } from '../../runs/values/blobs.js';
import type { Journal } from '../../runs/journal/journal.js';
import type { EndedStep, OpenedStep, OwnStepRow } from '../../runs/journal/journal-row.js';
import type { Plans } from '../../runs/values/plans.js';
import { failureOf } from './failure-of.js';
import type { LogBuffer } from './log-buffer.js';
import { PlatformFault, unlessPlatformFault } from '../../contracts/platform-fault.js';
import type { RunArtifacts } from './run-artifacts.js';
import type { StepProgress } from './step-progress.js';
import type { StepRunner } from './step-runner.js';

/** Milliseconds that a timer may fire early. */
const EARLY_MS = 50;
const SHOW_AFTER_MS = 50;
/** Upper bound on the inline bytes of each part of a model's turn, because a long conversation must not fill the history. */
const PIECE_BYTES = 16 * 1024;
/** The state of an attempt that is started first: no row exists, so the journal is not asked and only the end is written. */
const UNOPENED: OpenedStep = {
  fence: 1,
  kind: '',
  status: 'running',
  attempt: 1,
  result: null,
  error: null,
  cancelRequested: false,
};

/** The services and signals of an own step. */
export interface OwnStepServices {
  journal: Pick<Journal, 'notes' | 'openStep' | 'showStep' | 'closeStep' | 'closeEnd'>;
  blobs: Blobs;
  plans: Pick<Plans, 'get'>;
  runner: Pick<StepRunner, 'run'>;
  log: LogBuffer;
  progress?: StepProgress;
  artifacts?: RunArtifacts;
  /** Aborts when Temporal cancels the activity, or the worker is stopping. */
  signal: AbortSignal;
  /** Aborts when the run's cancellation is requested. */
  cancelled: AbortSignal;
  /** Epoch milliseconds. */
  now(): number;
  /** True = Temporal has started this attempt before, so the attempt may have ended already. */
  again: boolean;
  /** The id of the Temporal run; a workflow may have several. */
  engineRunId: string;
}

/**
 * Runs one attempt of one own step. The failure of the step is returned. A fault of the platform (or a
 * cancellation) is thrown, and Temporal starts the activity again.
 */
export async function runOwnStep(
  services: OwnStepServices,
  input: OwnStepInput,
): Promise<OwnStepOutput> {
  const { again, artifacts } = services;
  // An earlier start of this attempt may have written artifacts.
  if (again) artifacts?.expect(true);
  else if (input.artifacts === false) artifacts?.expect(false);
  return { ...(await endOf(services, input)), artifacts: artifacts?.found ?? again };
}

/** Removes the provider's own message from a turn's result. It stays in the journal, so that the history holds each text once. */
function forWorkflow(result: Json, { kind }: CallStep): Json {
  if (kind !== 'turn' || !isObject(result)) return result;
  const { given: _, ...rest } = result;
  return rest;
}

async function endOf(services: OwnStepServices, input: OwnStepInput): Promise<OwnStepEnd> {
  const { journal, plans } = services;
  const plan = withHooks(await plans.get(input.plan_hash));
  const { steps, index } = stepPositions(plan).get(input.path)!;
  const step = steps[index] as CallStep;
  await journal.notes(input.run.id, input.notes);
  const row = rowOf(step, input, services.now());
  const opened = services.again ? await journal.openStep(input.run.id, row) : UNOPENED;
  if (opened.status === 'success') return { result: forWorkflow(opened.result, step) };
  if (opened.status === 'error' && opened.error) return { error: opened.error };
  if (opened.cancelRequested && !input.ending) return { stop: 'cancelled' };
  const work = attemptStep(services, step, input, plan);
  const output = await (services.again ? work : showRunning(services, input, row, work));
  if ('stop' in output) return output;
  const undo = input.undo === undefined ? {} : { undo: input.undo };
  const ended = { ...row, ...undo, fence: opened.fence, completed_ms: services.now() };
  if (input.last && 'result' in output && !services.again) {
    return closeLast(services, input, ended, output);
  }
  await journal.closeStep(input.run.id, ended, output);
  await services.log.flush();
  return 'result' in output ? { result: forWorkflow(output.result, step) } : output;
}

/** Ends the step and the run. The log is written first, so that those who wait for the run's end find all of its lines. */
async function closeLast(
  { journal, log, engineRunId }: OwnStepServices,
  { run, last: spent }: OwnStepInput,
  step: EndedStep,
  { result }: { result: Json },
): Promise<OwnStepEnd> {
  await log.flush();
  const ended = await journal.closeEnd(run.id, step, { result }, { spent: spent!, engineRunId });
  return { result, ...(ended && { ended }) };
}

const rowOf = (
  { name, kind }: CallStep,
  { path, iteration, attempt, inputs }: OwnStepInput,
  started_ms: number,
): OwnStepRow => ({ path, iteration, name, kind, attempt, inputs, started_ms });

/** Writes the step as running once it takes longer than 50 ms. */
async function showRunning<T>(
  { journal }: OwnStepServices,
  { run }: OwnStepInput,
  row: OwnStepRow,
  work: Promise<T>,
): Promise<T> {
  let shown: Promise<void> | undefined;
  // A failure is ignored, because the row is written again at the step's end.
  const show = () => {
    shown = journal.showStep(run.id, row).catch(() => {});
  };
  const timer = setTimeout(show, SHOW_AFTER_MS);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
    await shown;
  }
}

async function attemptStep(
  services: OwnStepServices,
  step: CallStep,
  input: OwnStepInput,
  plan: Plan,
): Promise<OwnStepEnd> {
  const { permissions = plan.permissions } = input;
  const { blobs, runner, log } = services;
  const { path, iteration, run, attempt } = input;
  const signal = AbortSignal.any([services.signal, services.cancelled]);
  try {
    const inputs = await blobs.resolve(input.inputs);
    const result = await runner.run({
      step,
      path,
      iteration,
      run,
      attempt,
      permissions,
      declared: plan.inputs,
      inputs: isObject(inputs) ? inputs : ({} as JsonObject),
      deadlineMs: input.deadline_ms,
      signal,
      log,
      progress: services.progress,
      artifacts: services.artifacts,
      ...(step.kind === 'turn' && { turn: turnOf(plan, input) }),
    });
    return { result: await stored(blobs, step, result, input.inline_bytes) };
  } catch (thrown) {
    return failed(services, step, input, unlessPlatformFault(thrown));
  }
}

/** The `llm` step of a turn, and the rest of its budget. */
function turnOf(plan: Plan, { path, budget = {} }: OwnStepInput) {
  const { steps, index } = stepPositions(plan).get(path.slice(0, path.lastIndexOf('/')))!;
  return { llm: steps[index] as LlmStep, budget };
}

/** Stores a large result. The workflow must see the calls of a turn, so only the parts of a turn become references. */
async function stored(
  blobs: Blobs,
  { kind }: CallStep,
  result: Json,
  limit: number,
): Promise<Json> {
  if (kind !== 'turn') return blobs.keep(result, limit);
  const turn = result as unknown as TurnResult;
  const each = Math.min(PIECE_BYTES, Math.floor(limit / (turn.calls.length + 1)));
  return (await lightTurn(turn, (value) => blobs.keep(value, each))) as unknown as Json;
}

/** Converts the error of an attempt. A step that is cut off by cancellation, worker shutdown or the run's deadline has not failed. */
async function failed(
  { blobs, signal, cancelled, now }: OwnStepServices,
  step: CallStep,
  input: OwnStepInput,
  thrown: unknown,
): Promise<OwnStepEnd> {
  if (signal.aborted) throw new PlatformFault('cut off', { cause: thrown });
  if (cancelled.aborted) return { stop: 'cancelled' };
  if (!(thrown instanceof MissionError)) throw thrown;
  const late = thrown.code === 'timeout' && now() + EARLY_MS >= input.deadline_ms;
  return late ? { stop: 'deadline' } : { error: await failureOf(blobs, step.name, thrown) };
}
