import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { runWithStubs } from '../../../src/cli/testing/run-with-stubs.js';
import type { Answers } from '../../../src/cli/testing/stubs.js';
import { toStepError } from '../../../src/contracts/errors.js';
import type { Json, JsonObject } from '../../../src/contracts/json/json.js';
import type { Plan, PlanStep } from '../../../src/contracts/plan.js';
import { recordKey } from '../../../src/language/plan/steps/record-key.js';
import { stepPositions } from '../../../src/language/plan/steps/step-positions.js';
import { withHooks } from '../../../src/language/plan/steps/with-hooks.js';
import { behave } from '../../language/behave.js';
import { ask } from '../../language/oracle.js';
import { anyPlan, INPUTS } from '../../language/random-plan.js';

const copy = (value: Json): Json => JSON.parse(JSON.stringify(value)) as Json;

/** The scripts and child runs of random plans. */
function scriptsOf(plan: Plan): Answers {
  const positions = stepPositions(withHooks(plan));
  return {
    next(_name, _kind, { path, iteration }, attempt, inputs) {
      const { steps, index } = positions.get(path)!;
      const step = steps[index] as PlanStep & { script?: string; directive?: string };
      const script = step.script ?? step.directive ?? '';
      try {
        const given = copy(inputs) as JsonObject;
        const result = behave({ script, path, iteration, attempt, inputs: given });
        return { result: copy(result), after_seconds: 0 };
      } catch (thrown) {
        return { error: toStepError(thrown), after_seconds: 0 };
      }
    },
  };
}

/** What comes from outside is given to a rehearsal, and an event has an id: the oracle has its own way. */
const waitsForOthers = (plan: Plan): boolean =>
  /"kind":"(approve|emit|llm)"|"signal":|"event":"(comes|never)"/.test(JSON.stringify(plan));

/** Random plans declare no inputs. */
const declared = Object.fromEntries(Object.keys(INPUTS).map((name) => [name, { required: false }]));

async function compare(any: Plan): Promise<void> {
  const plan = { ...any, inputs: declared };
  const expected = ask(plan, INPUTS, behave, 'rehearsal');
  const given = {
    inputs: INPUTS,
    now: 1_800_000_000_000,
    actor: 'tester',
    trigger: 'manual' as const,
  };
  const nothing = { steps: new Map(), signals: [], events: [] };
  const run = await runWithStubs(plan, { ...given, ...nothing }, scriptsOf(plan));
  expect(run.outcome.error?.code).not.toBe('internal');
  if (expected.racy) return;
  expect(run.outcome.status).toBe(expected.status);
  expect(run.outcome.result ?? null).toEqual(expected.result ?? null);
  expect(run.outcome.error?.code).toBe(expected.error?.code);
  expect(run.outcome.error?.step).toBe(expected.error?.step);
  const calls = run.calls.map((call) => `${recordKey(call)}~${call.attempt}`);
  expect(calls.sort()).toEqual([...expected.calls].sort());
}

test('a rehearsal agrees with the oracle', async () => {
  const alone = anyPlan.filter((plan) => !waitsForOthers(plan));
  const property = fc.asyncProperty(alone, compare);
  await fc.assert(property, { numRuns: 300, interruptAfterTimeLimit: 10_000 });
});
