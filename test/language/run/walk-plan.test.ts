import { expect, test } from '@jest/globals';
import type { Outcome } from '../../../src/contracts/execution.js';
import type { Plan, PlanStep } from '../../../src/contracts/plan.js';
import type { Interpretation, RunBlock } from '../../../src/language/run/state/interpretation.js';
import { outcomeOf } from '../../../src/language/run/state/outcome-of.js';
import { ReturnSignal, StepFailure, StopSignal } from '../../../src/language/run/state/signals.js';
import { walkPlan } from '../../../src/language/run/walk-plan.js';

const STEP = { name: 'first', kind: 'set', path: '0', values: {} } as PlanStep;
const PLAN = { name: 'demo', steps: [STEP], limits: {} } as unknown as Plan;
const error = { code: 'timeout', message: 'too late' };

/** Walks the plan with steps that do what is given. */
const walk = (runBlock: RunBlock, plan: Plan = PLAN) =>
  walkPlan({ runBlock, reads: () => false } as unknown as Interpretation, plan, endOf);

const throws = (thrown: Error) =>
  walk(() => {
    throw thrown;
  });

function endOf(thrown: unknown): Outcome {
  const outcome = outcomeOf(thrown);
  if (!outcome) throw thrown;
  return outcome;
}

test('a run succeeds with the result of its last step', async () => {
  const finished = walk(async (_, [step], block) =>
    block.finish(step!, { status: 'done', result: 7 }),
  );
  expect(await finished).toEqual({ outcome: { status: 'success', result: 7 } });
});

test('return and a failure end the run; whatever else is thrown is told to its caller', async () => {
  const returned = await throws(new ReturnSignal('early'));
  expect(returned.outcome).toEqual({ status: 'success', result: 'early' });
  expect((await throws(new StepFailure(error))).outcome).toEqual({ status: 'error', error });
  await expect(throws(new StopSignal('step'))).rejects.toBeInstanceOf(StopSignal);
});

test('what follows the steps sees what they had left when they failed', async () => {
  const failing: RunBlock = async (_, [step], block) => {
    block.finish(step!, { status: 'done', result: 7 });
    throw new StepFailure(error);
  };
  const { outcome, ending } = await walk(failing, { ...PLAN, always: [STEP] });
  expect(ending).toMatchObject({ outcome, scope: { result: 7, finished: [['first', 7]] } });
});
