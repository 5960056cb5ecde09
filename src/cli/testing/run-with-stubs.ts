import { toStepError } from '../../contracts/errors.js';
import type { Outcome } from '../../contracts/execution.js';
import type { Plan } from '../../contracts/plan.js';
import { NOTHING_SPENT } from '../../contracts/run/spent.js';
import { checkInputs } from '../../language/inputs/check-inputs.js';
import { runEnding } from '../../language/run/endings.js';
import { endingBounds, grace } from '../../language/run/state/grace.js';
import { runBlock } from '../../language/run/interpret.js';
import type { Interpretation } from '../../language/run/state/interpretation.js';
import { namesRead } from '../../language/plan/names-read.js';
import { outcomeOf } from '../../language/run/state/outcome-of.js';
import { type Walk, walkPlan } from '../../language/run/walk-plan.js';
import { withHooks } from '../../language/plan/steps/with-hooks.js';
import { CutOff } from './simulated-clock.js';
import { StubbedAnswers, type Answers, type Given } from './stubs.js';
import { TestEffects } from './test-effects.js';
import type { TestedRun } from './tested-run.js';

type Context = Interpretation & { effects: TestEffects };

/**
 * Runs a plan with the same interpreter as every run, without a server; the
 * test's stubs answer its calls.
 * @throws NotGiven where a stub is missing
 */
export async function runWithStubs(
  plan: Plan,
  given: Given,
  answers: Answers = new StubbedAnswers(given.steps),
): Promise<TestedRun> {
  const { inputs, problems } = checkInputs(plan.inputs, given.inputs);
  const effects = new TestEffects(plan, given, inputs, answers);
  const message = problems.map((each) => each.message).join('; ');
  const outcome: Outcome =
    problems.length > 0
      ? { status: 'error', error: { code: 'input_invalid', message } }
      : await effects.clock.drive(run(plan, effects, given.cancel_after_seconds));
  return { outcome, steps: [...effects.steps.values()], ...effects.observed };
}

async function run(
  bare: Plan,
  effects: TestEffects,
  cancelAfter: number | undefined,
): Promise<Outcome> {
  const plan = withHooks(bare);
  const { limits } = plan;
  const spent = { ...NOTHING_SPENT };
  const ctx: Context = {
    limits,
    spent,
    records: new Map(),
    reads: namesRead(plan),
    effects,
    runBlock,
  };
  const { outcome, ending } = await unlessCancelled(ctx, plan, cancelAfter);
  if (!ending) return outcome;
  effects.extend(effects.now() + grace(limits.duration_seconds, 300) * 1000);
  const bounds = endingBounds(limits, spent);
  return runEnding({ ...ctx, limits: { ...limits, ...bounds } }, plan, ending);
}

/** Runs the steps, and cancels them after the given time. */
async function unlessCancelled(
  ctx: Context,
  plan: Plan,
  afterSeconds: number | undefined,
): Promise<Walk> {
  const { clock } = ctx.effects;
  let walk: Walk | undefined;
  const steps = clock.branch(async () => void (walk = await walkPlan(ctx, plan, endOf)));
  if (afterSeconds !== undefined) clock.at(clock.now + afterSeconds * 1000, steps.cancel);
  await steps.ended;
  return walk!;
}

function endOf(thrown: unknown): Outcome {
  const error = { code: 'cancelled', message: 'The run was cancelled.' };
  if (thrown instanceof CutOff) return { status: 'cancelled', error };
  return outcomeOf(thrown) ?? { status: 'error', error: toStepError(thrown) };
}
