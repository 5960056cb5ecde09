import type { DataSource } from 'typeorm';
import { MissionError, toStepError } from '../contracts/errors.js';
import type { Outcome } from '../contracts/execution.js';
import type { Json } from '../contracts/json/json.js';
import type { Plan, PlanStep } from '../contracts/plan.js';
import { NOTHING_SPENT } from '../contracts/run/spent.js';
import type { RunScope } from '../contracts/run/scope.js';
import type { StepRecord } from '../contracts/run/records.js';
import type { ShadowInput, ShadowReport } from '../contracts/run/shadow.js';
import { Recording } from './recording.js';
import { type EndingEffects, runEnding } from '../language/run/endings.js';
import { endingBounds } from '../language/run/state/grace.js';
import { runBlock } from '../language/run/interpret.js';
import type { Interpretation } from '../language/run/state/interpretation.js';
import { namesRead } from '../language/plan/names-read.js';
import { noDurableEffects } from '../language/run/state/no-durable-effects.js';
import { outcomeOf } from '../language/run/state/outcome-of.js';
import { StopSignal } from '../language/run/state/signals.js';
import { walkPlan } from '../language/run/walk-plan.js';
import { bodiesOf, handlersOf } from '../language/plan/steps/step-blocks.js';
import { stepPositions } from '../language/plan/steps/step-positions.js';
import { withHooks } from '../language/plan/steps/with-hooks.js';
import type { ExecutionRow } from '../platform/database/entities/runs/execution.row.js';
import type { Blobs } from '../runs/values/blobs.js';
import type { Plans } from '../runs/values/plans.js';
import { type ShadowRow, Shadows } from '../runs/shadows.js';
import { Comparison } from './shadow-comparison.js';
import { ShadowEffects } from './shadow-effects.js';
import { recordedScope } from '../runs/recorded-scope.js';

/** The services and signals of a shadow run. */
export interface ShadowServices {
  dataSource: DataSource;
  plans: Pick<Plans, 'get'>;
  blobs: Blobs;
  /** Aborts when Temporal cancels the activity, or the worker is stopping. */
  signal: AbortSignal;
  /** Aborts when the run's cancellation is requested. */
  cancelled: AbortSignal;
}

type Context = Interpretation & { effects: EndingEffects };

const unreachable = (): never => {
  throw new MissionError('internal', 'a shadow run waits for nothing');
};

/** Executes a Plan with the recorded results of another run. It calls nothing, and stores the differences. */
export async function runShadow(services: ShadowServices, input: ShadowInput): Promise<Outcome> {
  try {
    return await compare(services, input);
  } catch (thrown) {
    if (!(thrown instanceof MissionError) || thrown.retryable) throw thrown;
    return { status: 'error', error: toStepError(thrown) };
  }
}

async function compare(services: ShadowServices, input: ShadowInput): Promise<Outcome> {
  const { dataSource, plans, ...others } = services;
  const [old] = await dataSource.query<ExecutionRow[]>(
    'SELECT * FROM directive_executions WHERE id = $1',
    [input.of],
  );
  const shadows = new Shadows(dataSource);
  const { outcome, report } = await shadowOf({
    ...others,
    plan: await plans.get(input.plan_hash),
    recording: await Recording.whole(dataSource, input.of),
    run: recordedScope(old!),
    recorded: old as Outcome,
    inputs: input.inputs,
    goOn: input.goOn,
    write: (rows) => shadows.write(input.run.id, input.of, rows),
  });
  await shadows.report(input.run.id, report);
  return outcome;
}

/** The input of {@link shadowOf}. */
export interface ShadowOf extends Omit<ShadowServices, 'dataSource' | 'plans'> {
  plan: Plan;
  recording: Recording;
  /** The value of `run` in expressions; `recorded` is the outcome of the recorded run. */
  run: RunScope;
  recorded: Outcome;
  inputs: Json;
  goOn: boolean;
  write(rows: ShadowRow[]): Promise<void>;
}

/** Returns the outcome of the shadow run, and its differences from the recorded run. */
export async function shadowOf({
  plan: given,
  recorded,
  write,
  ...source
}: ShadowOf): Promise<{ outcome: Outcome; report: ShadowReport }> {
  const plan = withHooks(given);
  const { recording, blobs } = source;
  const comparison = new Comparison(recording, stepPositions(plan), blobs, write);
  const mayBeCut = pathsThatMayBeCut(plan);
  const answers = new ShadowEffects({ ...source, limits: plan.limits, comparison, mayBeCut });
  const effects = Object.assign(answers, noDurableEffects(unreachable));
  const spent = { ...NOTHING_SPENT };
  const records = new Map<string, StepRecord>();
  const ctx = { limits: plan.limits, spent, records, reads: namesRead(plan), effects, runBlock };
  const outcome = await walk(ctx, plan);
  const cutShort = outcome.status === 'cancelled' || outcome.error?.code === 'not_recorded';
  if (!cutShort) {
    comparison.leftOver();
    await comparison.outcome(shownOutcome(recorded), shownOutcome(outcome));
  }
  await comparison.flush();
  return { outcome, report: comparison.report() };
}

async function walk(ctx: Context, plan: Plan): Promise<Outcome> {
  const { outcome, ending } = await walkPlan(ctx, plan, endOf);
  if (!ending || outcome.error?.code === 'not_recorded') return outcome;
  const limits = { ...ctx.limits, ...endingBounds(plan.limits, ctx.spent) };
  return runEnding({ ...ctx, limits }, plan, ending).catch(endOf);
}

function endOf(thrown: unknown): Outcome {
  const outcome = outcomeOf(thrown);
  if (outcome) return outcome;
  if (!(thrown instanceof StopSignal)) throw thrown;
  return {
    status: 'cancelled',
    error: { code: 'cancelled', message: 'The shadow run was cancelled.' },
  };
}

const shownOutcome = ({ status, result, error }: Outcome): Json => ({
  status,
  ...(error ? { code: error.code, message: error.message } : { result: result ?? null }),
});

/** The paths of all steps inside a `parallel` that does not wait for all of its branches. */
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
