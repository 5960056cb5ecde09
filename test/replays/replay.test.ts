import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { shadowOf } from '../../src/replays/run-shadow.js';
import type { Outcome } from '../../src/contracts/execution.js';
import type { Json } from '../../src/contracts/json/json.js';
import { HOOK_MOMENTS, type Plan } from '../../src/contracts/plan.js';
import type { ReusableSteps } from '../../src/contracts/run/rerun.js';
import type { RunScope } from '../../src/contracts/run/scope.js';
import type { StepPlace } from '../../src/contracts/run/place.js';
import { type RecordedStep, Recording } from '../../src/replays/recording.js';
import { replay } from '../../src/replays/replay.js';
import { lineageOf } from '../../src/language/plan/change/lineage.js';
import { namesRead } from '../../src/language/plan/names-read.js';
import { pathsRead, reusableBefore } from '../../src/language/plan/change/reusable.js';
import { withHooks } from '../../src/language/plan/steps/with-hooks.js';
import { behave } from '../language/behave.js';
import { ask } from '../language/oracle.js';
import { anyPlan, INPUTS } from '../language/random-plan.js';
import { MemoryEngine } from '../support/memory-engine.js';

const CALM = {
  ...{ seed: 1, budget: 0, crash: 0, fault: 0, full: 0, forget: 0 },
  bounds: { inline: 128 * 1024, task: 1024 * 1024, scope: 1024 * 1024, small: 8 * 1024 },
};
const RUN: RunScope = {
  id: 'run',
  directive: 'random',
  trigger: 'manual',
  actor: 'tester',
  attempt: 1,
  started_at: '2026-01-01T00:00:00.000Z',
};

const toRow = (row: any): RecordedStep => ({ completed_ms: null, ...row });
const rowsOf = (engine: MemoryEngine) => [...engine.journal.rows.values()].map(toRow);

/** The condition of the SQL, once more. */
function isReusable(row: RecordedStep, reuse: ReusableSteps[], point: StepPlace): boolean {
  const [mine, its] = [row.iteration, point.iteration].map((text) =>
    text === '' ? [] : text.split('.').map(Number),
  );
  return reuse.some(({ path, depth, inclusive, failures }) => {
    if (path !== row.path || (row.status === 'error' && !failures)) return false;
    if (!['success', 'skipped', 'error'].includes(row.status)) return false;
    for (let at = 0; at < depth; at++) {
      if (mine![at] !== its![at]) return mine![at]! < its![at]!;
    }
    return inclusive;
  });
}

const told = ({ status, result, error }: Outcome) => ({
  status,
  result: result ?? null,
  code: error?.code,
  step: error?.step,
});

const ASIDE = ['turns', 'on_error', 'compensate', 'always', ...HOOK_MOMENTS] as string[];

/** Places at which a re-run may begin. */
const pointsOf = (plan: Plan, engine: MemoryEngine): StepPlace[] =>
  rowsOf(engine).filter(({ path }) => {
    const lineage = lineageOf(plan, path);
    return lineage && !lineage.some(({ label }) => ASIDE.includes(label));
  });

/** Runs that lead to a point which is left again, by a branch that won or a retry that came round, do not pass it twice. */
const isSimple = (plan: Plan): boolean =>
  !/"kind":"parallel"|"compensate"/.test(JSON.stringify(plan));

let [begun, refused] = [0, 0];

/**
 * The limits of a re-run count what it does itself: they may end it elsewhere. Of a block that was tried again as a whole
 * the journal tells the last attempt only.
 */
const plain = (plan: Plan): Plan => {
  const limits = { ...plan.limits, steps: 100_000, iterations: 100_000, spawns: 1_000 };
  return JSON.parse(JSON.stringify({ ...plan, limits }), (_, value) =>
    ['foreach', 'while', 'parallel', 'conditional'].includes(value?.kind)
      ? { ...value, retry: undefined }
      : value,
  ) as Plan;
};

async function rerunsAlike(some: Plan, pick: number): Promise<void> {
  const given = plain(some);
  if (ask(given, INPUTS, behave).racy) return;
  const plan = withHooks(given);
  const old = new MemoryEngine(given, behave, CALM);
  const outcome = await old.run(INPUTS);
  // The limits of a re-run count what it does itself, so one that the old run used up need not end it.
  if (outcome.error?.code.endsWith('_exceeded')) return;
  const points = pointsOf(plan, old);
  if (points.length === 0) return;
  const point = points[pick % points.length]!;
  const before = reusableBefore(plan, point.path);
  const reused = rowsOf(old).filter((row) => isReusable(row, before.reuse, point));
  const paths = pathsRead(before.walked, namesRead(plan));
  const recording = new Recording(reused.filter(({ path }) => paths.has(path)));
  const { around } = before;
  const source = { plan, run: RUN, inputs: INPUTS, recording, point, around, blobs: old.blobs };
  const replayed = await replay(source).catch((error) => ({ error, reached: false as const }));
  begun++;
  if (!replayed.reached) {
    refused++;
    return;
  }
  const fresh = new MemoryEngine(given, behave, CALM);
  fresh.seed = JSON.parse(JSON.stringify([...replayed.records]));
  for (const row of reused) fresh.journal.rows.set(`${row.path}#${row.iteration}`, row as never);
  expect(told(await fresh.run(INPUTS))).toEqual(told(outcome));
  const done = new Set(reused.map(({ path, iteration }) => `${path}#${iteration}`));
  expect(fresh.calls.filter((call) => done.has(call.split('~')[0]!))).toEqual([]);
  if (isSimple(plan)) {
    const statuses = (engine: MemoryEngine) =>
      Object.fromEntries([...engine.journal.rows].map(([key, { status }]) => [key, status]));
    expect(statuses(fresh)).toEqual(statuses(old));
  }
}

test('a re-run from any place of any plan comes to the same end, and repeats nothing before', async () => {
  const numRuns = Number(process.env['ORACLE_RUNS'] ?? 500);
  const property = fc.asyncProperty(anyPlan, fc.nat(), rerunsAlike);
  await fc.assert(property, {
    numRuns,
    interruptAfterTimeLimit: Number(process.env['ORACLE_MS'] ?? 2_500),
  });
  expect(begun).toBeGreaterThan(50);
  expect(refused).toBeLessThan(begun / 5);
}, 120_000);

async function shadowsAlike(some: Plan): Promise<void> {
  const plan = plain(some);
  // The order of keys in `steps` as a whole is not promised.
  if (ask(plan, INPUTS, behave).racy || JSON.stringify(plan).includes('{{ steps }}')) return;
  const engine = new MemoryEngine(plan, behave, CALM);
  const recorded = await engine.run(INPUTS);
  const { signal } = new AbortController();
  const { outcome, report } = await shadowOf({
    plan,
    recording: new Recording(rowsOf(engine)),
    run: RUN,
    recorded,
    inputs: INPUTS as Json,
    goOn: false,
    blobs: engine.blobs,
    signal,
    cancelled: signal,
    write: async () => {},
  });
  expect(report.differences).toEqual([]);
  expect(told(outcome)).toEqual(told(recorded));
}

test('a shadow of any run finds no difference', async () => {
  const numRuns = Number(process.env['ORACLE_RUNS'] ?? 500);
  const property = fc.asyncProperty(anyPlan, shadowsAlike);
  await fc.assert(property, {
    numRuns,
    interruptAfterTimeLimit: Number(process.env['ORACLE_MS'] ?? 2_500),
  });
}, 120_000);
