import type { DataSource } from 'typeorm';
import { MissionError, toStepError } from '../contracts/errors.js';
import type { Outcome } from '../contracts/execution.js';
import type { Json } from '../contracts/json.js';
import type { Plan, PlanStep } from '../contracts/plan.js';
import { NOTHING_SPENT, type RunScope, type StepRecord } from '../contracts/run.js';
import type { ShadowInput } from '../contracts/shadow.js';
import { Recording } from '../kernel/recording.js';
import { Block } from '../language/block.js';
import { endingOf, runEnding } from '../language/endings.js';
import { runBlock } from '../language/interpret.js';
import type { Interpretation } from '../language/interpretation.js';
import { namesRead } from '../language/names-read.js';
import { ReturnSignal, StepFailure, StopSignal } from '../language/signals.js';
import { bodiesOf, handlersOf } from '../language/step-blocks.js';
import { stepPositions } from '../language/step-positions.js';
import { withHooks } from '../language/with-hooks.js';
import type { ExecutionRow } from '../platform/database/entities/execution.row.js';
import type { Blobs } from '../runs/blobs.js';
import type { Plans } from '../runs/plans.js';
import { Shadows } from '../runs/shadows.js';
import { Comparison } from './shadow-comparison.js';
import { ShadowEffects } from './shadow-effects.js';

/** What a shadow run is given. */
export interface ShadowServices {
  dataSource: DataSource;
  plans: Pick<Plans, 'get'>;
  blobs: Blobs;
  /** The engine cancels the activity, or the worker stops. */
  signal: AbortSignal;
  /** The run's cancellation was asked for. */
  cancelled: AbortSignal;
}

type Context = Interpretation & { effects: ShadowEffects };

/** Walks a Plan with the recorded results of another run. Nothing happens; the differences are written down. */
export async function runShadow(services: ShadowServices, input: ShadowInput): Promise<Outcome> {
  try {
    return await compare(services, input);
  } catch (thrown) {
    if (!(thrown instanceof MissionError) || thrown.retryable) throw thrown;
    return { status: 'error', error: toStepError(thrown) };
  }
}

async function compare(services: ShadowServices, input: ShadowInput): Promise<Outcome> {
  const { dataSource, blobs, signal, cancelled } = services;
  const plan = withHooks(await services.plans.get(input.plan_hash));
  const recording = await Recording.whole(dataSource, input.of);
  const [old] = await dataSource.query<ExecutionRow[]>(
    'SELECT * FROM directive_executions WHERE id = $1',
    [input.of],
  );
  const shadows = new Shadows(dataSource);
  const comparison = new Comparison(recording, stepPositions(plan), blobs, (rows) =>
    shadows.write(input.run.id, input.of, rows),
  );
  const effects = new ShadowEffects({
    run: recordedScope(old!),
    inputs: input.inputs,
    recording,
    comparison,
    blobs,
    goOn: input.goOn,
    mayBeCut: pathsThatMayBeCut(plan),
    signal,
    cancelled,
  });
  const spent = { ...NOTHING_SPENT };
  const records = new Map<string, StepRecord>();
  const ctx = { limits: plan.limits, spent, records, reads: namesRead(plan), effects };
  const outcome = await walk(ctx, plan);
  const cutShort = outcome.status === 'cancelled' || outcome.error?.code === 'not_recorded';
  if (!cutShort) {
    comparison.leftOver();
    await comparison.outcome(shownOutcome(old!), shownOutcome(outcome));
  }
  await comparison.flush();
  await shadows.report(input.run.id, comparison.report());
  return outcome;
}

async function walk(ctx: Context, plan: Plan): Promise<Outcome> {
  const block = new Block();
  try {
    const outcome = await stepsOutcome(ctx, plan, block);
    if (outcome.error?.code === 'not_recorded') return outcome;
    const ending = endingOf(plan, outcome, block);
    return ending ? await runEnding(ctx, plan, ending) : outcome;
  } catch (thrown) {
    return endOf(thrown);
  }
}

async function stepsOutcome(ctx: Context, plan: Plan, block: Block): Promise<Outcome> {
  try {
    await runBlock(ctx, plan.steps, block, '');
    return { status: 'success', result: block.outcome(() => false).result };
  } catch (thrown) {
    return endOf(thrown);
  }
}

function endOf(thrown: unknown): Outcome {
  if (thrown instanceof ReturnSignal) return { status: 'success', result: thrown.value };
  if (thrown instanceof StepFailure) return { status: 'error', error: thrown.error };
  if (!(thrown instanceof StopSignal)) throw thrown;
  return {
    status: 'cancelled',
    error: { code: 'cancelled', message: 'The shadow run was cancelled.' },
  };
}

const recordedScope = (old: ExecutionRow): RunScope => ({
  id: old.id,
  directive: old.directive_name,
  trigger: old.triggered_by,
  actor: old.actor,
  attempt: 1,
  started_at: (old.started_at ?? old.created_at).toISOString(),
});

const shownOutcome = ({ status, result, error }: Outcome | ExecutionRow): Json => ({
  status,
  ...(error ? { code: error.code, message: error.message } : { result: result ?? null }),
});

/** Everything inside a `parallel` that does not wait for all its branches. */
function pathsThatMayBeCut(plan: Plan): Set<string> {
  const paths = new Set<string>();
  const visit = (steps: readonly PlanStep[], cut: boolean): void => {
    for (const step of steps) {
      if (cut) paths.add(step.path);
      const inside = cut || (step.kind === 'parallel' && step.wait_for < step.branches.length);
      for (const [, list] of [...bodiesOf(step), ...handlersOf(step)]) visit(list, inside);
    }
  };
  visit(plan.steps, false);
  return paths;
}
