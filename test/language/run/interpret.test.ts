import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Outcome } from '../../../src/contracts/execution.js';
import type { Plan, PlanStep } from '../../../src/contracts/plan.js';
import { type Chaos, MemoryEngine } from '../../support/memory-engine.js';
import { behave } from '../behave.js';
import { type Answer, ask } from '../oracle.js';
import { anyPlan, INPUTS } from '../random-plan.js';

const LARGE = { inline: 128 * 1024, task: 1024 * 1024, scope: 1024 * 1024, small: 8 * 1024 };
const SMALL = { inline: 150, task: 4_000, scope: 2_000, small: 60 };
const CALM: Omit<Chaos, 'seed'> = {
  budget: 0,
  crash: 0,
  fault: 0,
  full: 0,
  forget: 0,
  bounds: LARGE,
};

/** What every way to run a plan must agree on. Texts of expression errors may quote less of a value by reference. */
const told = ({ status, result, error }: Outcome | Answer) => ({
  status,
  result: result ?? null,
  code: error?.code,
  step: error?.step,
  message:
    error?.code === 'expression_error' || error?.code.endsWith('_exceeded') || error?.message,
});

/** A step made of steps whose retries the engine forgot may try again; that is not compared. */
const withoutLoopRetries = (plan: Plan): Plan =>
  JSON.parse(JSON.stringify(plan), (_, value) => {
    const isComposite = ['foreach', 'while', 'parallel', 'conditional'].includes(value?.kind);
    return isComposite ? { ...value, retry: undefined } : value;
  }) as Plan;

const LANES = (steps: readonly PlanStep[]): boolean =>
  JSON.stringify(steps).match(/"kind":"parallel"|"concurrency":[^1]/) !== null;

/** Each finished step is called once an attempt, in order; a worker that dies repeats what was under way. */
function expectCalls(plan: Plan, engine: MemoryEngine, expected: Answer): void {
  const calls = new Set(engine.calls);
  expect(engine.calls.length - calls.size).toBeLessThanOrEqual(engine.cut);
  if (expected.racy) return;
  if (LANES(plan.steps)) expect([...calls].sort()).toEqual([...expected.calls].sort());
  else expect([...calls]).toEqual(expected.calls);
}

async function compare(any: Plan, chaos: Chaos): Promise<void> {
  const plan = chaos.forget > 0 ? withoutLoopRetries(any) : any;
  const expected = ask(plan, INPUTS, behave);
  const engine = new MemoryEngine(plan, behave, chaos);
  const outcome = await engine.run(INPUTS);
  expect(outcome.error?.code).not.toBe('internal');
  expectCalls(plan, engine, expected);
  if (expected.racy) return;
  const result = await engine.blobs.resolve(outcome.result ?? null);
  expect(told({ ...outcome, result })).toEqual(told(expected));
  const rows = [...engine.journal.rows].map(([key, { status }]) => [key, status]);
  if (chaos.forget === 0) expect(new Map(rows as [string, string][])).toEqual(expected.rows);
}

const LIMIT_MS = Number(process.env['ORACLE_MS'] ?? 20_000);

const chaos = (changes: { [key in keyof Chaos]?: fc.Arbitrary<Chaos[key]> }) =>
  fc.record({ seed: fc.integer(), ...changes }).map((some) => ({ ...CALM, ...some }) as Chaos);

const KINDS: [string, fc.Arbitrary<Chaos>][] = [
  ['undisturbed', chaos({})],
  ['large values by reference', chaos({ bounds: fc.constant(SMALL) })],
  ['segments that stop anywhere', chaos({ budget: fc.constantFrom(5, 30, 100) })],
  ['histories that end anywhere', chaos({ full: fc.constantFrom(3, 20) })],
  ['workers that die', chaos({ crash: fc.constantFrom(5, 20) })],
  ['a platform at fault', chaos({ fault: fc.constantFrom(5, 30) })],
  ['an engine that forgets', chaos({ forget: fc.constantFrom(3, 10) })],
  [
    'all of it',
    chaos({
      budget: fc.constantFrom(5, 30),
      crash: fc.constantFrom(2, 10),
      fault: fc.constantFrom(0, 5),
      full: fc.constantFrom(0, 2),
      forget: fc.constantFrom(0, 1),
      bounds: fc.constantFrom(LARGE, SMALL),
    }),
  ],
];

describe('a run agrees with the oracle', () => {
  test.each(KINDS)('%s', async (_, disturbed) => {
    const numRuns = Number(process.env['ORACLE_RUNS'] ?? 500);
    const property = fc.asyncProperty(anyPlan, disturbed, compare);
    await fc.assert(property, { numRuns, interruptAfterTimeLimit: LIMIT_MS });
  });
});
