import { MissionError } from '../contracts/errors.js';
import { isObject, type JsonObject } from '../contracts/json.js';
import type { McpStep, ScriptStep } from '../contracts/plan.js';
import type { OwnStepInput, OwnStepOutput } from '../contracts/run.js';
import { stepPositions } from '../language/step-positions.js';
import type { Blobs } from '../runs/blobs.js';
import type { Journal } from '../runs/journal.js';
import type { Plans } from '../runs/plans.js';
import { failureOf } from './failure-of.js';
import type { LogBuffer } from './log-buffer.js';
import { PlatformFault, unlessPlatformFault } from './platform-fault.js';
import type { StepRunner } from './step-runner.js';

/** A timer may ring this much early. */
const EARLY_MS = 50;

/** What an own step is given. */
export interface OwnStepServices {
  journal: Pick<Journal, 'notes' | 'openStep' | 'closeStep'>;
  blobs: Blobs;
  plans: Pick<Plans, 'get'>;
  runner: Pick<StepRunner, 'run'>;
  log: LogBuffer;
  /** The engine cancels the activity, or the worker stops. */
  signal: AbortSignal;
  /** The run's cancellation was asked for. */
  cancelled: AbortSignal;
  /** Epoch milliseconds. */
  now(): number;
}

/**
 * One attempt of one step that is an activity of its own. The step's failure is an answer; what is
 * thrown is the platform's fault (or a cancellation), and the engine starts the activity again.
 */
export async function runOwnStep(
  services: OwnStepServices,
  input: OwnStepInput,
): Promise<OwnStepOutput> {
  const { journal, plans } = services;
  const plan = await plans.get(input.plan_hash);
  const { steps, index } = stepPositions(plan).get(input.path)!;
  const step = steps[index] as ScriptStep | McpStep;
  await journal.notes(input.run.id, input.notes);
  const { path, iteration, attempt, inputs } = input;
  const row = { path, iteration, name: step.name, kind: step.kind, attempt, inputs };
  const { fence, cancelRequested, ...known } = await journal.openStep(input.run.id, row);
  if (known.status === 'success') return { result: known.result };
  if (known.status === 'error' && known.error) return { error: known.error };
  if (cancelRequested) return { stop: 'cancelled' };
  const output = await attemptStep(services, step, input, plan.permissions);
  if ('stop' in output) return output;
  await journal.closeStep(input.run.id, input, fence, output);
  await services.log.flush();
  return output;
}

async function attemptStep(
  services: OwnStepServices,
  step: ScriptStep | McpStep,
  input: OwnStepInput,
  permissions: readonly string[] | null,
): Promise<OwnStepOutput> {
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
      inputs: isObject(inputs) ? inputs : ({} as JsonObject),
      deadlineMs: input.deadline_ms,
      signal,
      log,
    });
    return { result: await blobs.keep(result, input.inline_bytes) };
  } catch (thrown) {
    return failed(services, step, input, unlessPlatformFault(thrown));
  }
}

/** A step cut off, by cancellation, by the end of its worker or of the run's time, has not failed. */
async function failed(
  { blobs, signal, cancelled, now }: OwnStepServices,
  step: ScriptStep | McpStep,
  input: OwnStepInput,
  thrown: unknown,
): Promise<OwnStepOutput> {
  if (signal.aborted) throw new PlatformFault('cut off', { cause: thrown });
  if (cancelled.aborted) return { stop: 'cancelled' };
  if (!(thrown instanceof MissionError)) throw thrown;
  const late = thrown.code === 'timeout' && now() + EARLY_MS >= input.deadline_ms;
  return late ? { stop: 'deadline' } : { error: await failureOf(blobs, step.name, thrown) };
}
