import { toStepError } from '../../contracts/errors.js';
import type { Outcome } from '../../contracts/execution.js';
import type { Plan } from '../../contracts/plan.js';
import { NOTHING_SPENT } from '../../contracts/run/spent.js';
import { Block } from '../../language/run/state/block.js';
import { checkInputs } from '../../language/inputs/check-inputs.js';
import { endingOf, runEnding } from '../../language/run/endings.js';
import { endingBounds, grace } from '../../language/run/state/grace.js';
import { runBlock } from '../../language/run/interpret.js';
import type { Interpretation } from '../../language/run/state/interpretation.js';
import { namesRead } from '../../language/plan/names-read.js';
import { ReturnSignal, StepFailure } from '../../language/run/state/signals.js';
import { withHooks } from '../../language/plan/steps/with-hooks.js';
import { CutOff } from './simulated-clock.js';
import { StubbedAnswers, type Answers, type Given } from './stubs.js';
import { TestEffects } from './test-effects.js';
import type { TestedRun } from './tested-run.js';

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
  return { outcome, steps: [...effects.steps.values()], ...effects.told };
}

async function run(
  bare: Plan,
  effects: TestEffects,
  cancelAfter: number | undefined,
): Promise<Outcome> {
  const plan = withHooks(bare);
  const { limits } = plan;
  const spent = { ...NOTHING_SPENT };
  const ctx: Interpretation & { effects: TestEffects } = {
    limits,
    spent,
    records: new Map(),
    reads: namesRead(plan),
    effects,
  };
  const block = new Block();
  const outcome = await unlessCancelled(effects, cancelAfter, () => stepsOutcome(ctx, plan, block));
  const ending = endingOf(plan, outcome, block);
  if (!ending) return outcome;
  effects.extend(effects.now() + grace(limits.duration_seconds, 300) * 1000);
  const bounds = endingBounds(limits, spent);
  return runEnding({ ...ctx, limits: { ...limits, ...bounds } }, plan, ending);
}

/** Runs the steps, and cancels them after the given time. */
async function unlessCancelled(
  { clock }: TestEffects,
  afterSeconds: number | undefined,
  work: () => Promise<Outcome>,
): Promise<Outcome> {
  let outcome: Outcome | undefined;
  const steps = clock.branch(async () => void (outcome = await work()));
  if (afterSeconds !== undefined) clock.at(clock.now + afterSeconds * 1000, steps.cancel);
  await steps.ended;
  const error = { code: 'cancelled', message: 'The run was cancelled.' };
  return outcome ?? { status: 'cancelled', error };
}

async function stepsOutcome(ctx: Interpretation, plan: Plan, block: Block): Promise<Outcome> {
  try {
    await runBlock(ctx, plan.steps, block, '');
    return { status: 'success', result: block.outcome(() => false).result };
  } catch (thrown) {
    if (thrown instanceof ReturnSignal) return { status: 'success', result: thrown.value };
    if (thrown instanceof StepFailure) return { status: 'error', error: thrown.error };
    if (thrown instanceof CutOff) throw thrown;
    return { status: 'error', error: toStepError(thrown) };
  }
}
