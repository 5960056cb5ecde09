import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Plan } from '../../../../src/contracts/plan.js';
import { estimatePlan } from '../../../../src/language/plan/estimate/estimate.js';
import { limitViolationsOf } from '../../../../src/language/plan/estimate/plan-least.js';
import { behave } from '../../behave.js';
import { ask } from '../../oracle.js';
import { anyPlan, INPUTS } from '../../random-plan.js';

/** The same plan under limits that are nearly used up. */
const tight = (plan: Plan, steps: number, iterations: number, spawns: number): Plan => ({
  ...plan,
  limits: { ...plan.limits, steps, iterations, spawns },
});

const plans = fc
  .tuple(
    anyPlan,
    fc.integer({ min: 1, max: 12 }),
    fc.integer({ min: 1, max: 6 }),
    fc.integer({ min: 1, max: 3 }),
  )
  .map(([plan, ...limits]) => tight(plan, ...limits));

describe('what no run can keep', () => {
  it('is never said of a plan that can', () => {
    const property = fc.property(plans, (plan) => {
      const { status, racy } = ask(plan, INPUTS, behave);
      if (status === 'success' && !racy) expect(limitViolationsOf(plan)).toEqual([]);
    });
    fc.assert(property, { numRuns: 1_500, interruptAfterTimeLimit: 3_000 });
  });

  it('is said of many that cannot', () => {
    const found = fc
      .sample(plans, { numRuns: 300, seed: 7 })
      .filter((plan) => limitViolationsOf(plan).length > 0);
    expect(found.length).toBeGreaterThan(10);
  });
});

describe('estimates', () => {
  it('are no less than what a run comes to', () => {
    const property = fc.property(anyPlan, (plan) => {
      const { calls, racy } = ask(plan, INPUTS, behave);
      if (racy || plan.hooks) return;
      const { activities, child_runs } = estimatePlan(plan);
      const most = activities.traced.worst + child_runs.worst;
      expect(calls.length).toBeLessThanOrEqual(most);
    });
    fc.assert(property, { numRuns: 1_000, interruptAfterTimeLimit: 3_000 });
  });
});
