import { type Limits, type Plan, type PlanStep, STEP_MOMENTS } from '../contracts/plan.js';
import { bodiesOf, handlersOf } from './step-blocks.js';

/** What a run that succeeds needs at least. */
export type Least = Pick<Limits, 'steps' | 'iterations' | 'spawns' | 'duration_seconds'>;

/** A limit that no run of the plan can keep. */
export interface Misfit {
  limit: keyof Least;
  needs: number;
  allowed: number;
}

/** The limits that a plan cannot keep, whatever its inputs are. */
export function misfitsOf(plan: Plan): Misfit[] {
  // Hooks may leave out any step, and turn its failure into success.
  if (STEP_MOMENTS.some((moment) => plan.hooks?.[moment])) return [];
  const least = leastOf(plan.steps).least;
  return (Object.keys(least) as (keyof Least)[])
    .map((limit) => ({ limit, needs: least[limit], allowed: plan.limits[limit] }))
    .filter(({ needs, allowed }) => needs > allowed);
}

interface Path {
  least: Least;
  /** The run ends here. */
  ends?: boolean;
}

const NOTHING: Least = { steps: 0, iterations: 0, spawns: 0, duration_seconds: 0 };
const STEP: Least = { ...NOTHING, steps: 1 };

/** The shortest way through a list of steps. What may fail is not counted on: its handler could be shorter. */
function leastOf(steps: readonly PlanStep[]): Path {
  let least = NOTHING;
  for (const step of steps) {
    if (step.if !== undefined) {
      // Behind a step that may end the run nothing is certain.
      if (mayEnd(step)) return { least, ends: true };
      continue;
    }
    const path = leastOfStep(step);
    least = add(least, path.least);
    if (path.ends) return { least, ends: true };
  }
  return { least };
}

function leastOfStep(step: PlanStep): Path {
  const path = act(step);
  const within = add(STEP, path.least);
  return step.on_error === undefined
    ? { ...path, least: within }
    : { least: STEP, ...(path.ends || mayEnd(step) ? { ends: true } : {}) };
}

function act(step: PlanStep): Path {
  switch (step.kind) {
    case 'return':
    case 'fail':
      return { least: NOTHING, ends: true };
    case 'wait':
      return { least: { ...NOTHING, duration_seconds: waitSeconds(step) } };
    case 'directive':
      return { least: { ...NOTHING, spawns: 1 } };
    case 'llm':
      return { least: STEP };
    case 'conditional':
      return either(leastOf(step.then), leastOf(step.else));
    case 'foreach':
      return leastOfLoop(step);
    case 'parallel':
      return leastOfBranches(step);
    default:
      return mayEnd(step) ? { least: NOTHING, ends: true } : { least: NOTHING };
  }
}

const waitSeconds = ({ duration_seconds }: PlanStep & { kind: 'wait' }): number =>
  typeof duration_seconds === 'number' ? duration_seconds : 0;

function leastOfLoop(step: PlanStep & { kind: 'foreach' }): Path {
  if (mayEnd(step) || step.item_error === 'continue') return { least: NOTHING, ends: mayEnd(step) };
  const count = Array.isArray(step.items) ? step.items.length : 0;
  const body = leastOf(step.steps).least;
  const rounds = Math.ceil(count / step.concurrency);
  const { steps, spawns, duration_seconds } = body;
  return {
    least: {
      steps: steps * count,
      iterations: (1 + body.iterations) * count,
      spawns: spawns * count,
      duration_seconds: duration_seconds * rounds,
    },
  };
}

/** As many branches as must succeed, the shortest. */
function leastOfBranches(step: PlanStep & { kind: 'parallel' }): Path {
  if (mayEnd(step)) return { least: NOTHING, ends: true };
  const all = step.branches.map((steps) => leastOf(steps).least);
  const shortest = (limit: keyof Least) =>
    all
      .map((least) => least[limit])
      .sort((a, b) => a - b)
      .slice(0, step.wait_for);
  const sum = (limit: keyof Least) => shortest(limit).reduce((total, each) => total + each, 0);
  return {
    least: {
      steps: sum('steps'),
      iterations: sum('iterations'),
      spawns: sum('spawns'),
      duration_seconds: Math.max(0, ...shortest('duration_seconds')),
    },
  };
}

const either = (a: Path, b: Path): Path => ({
  least: combine(a.least, b.least, Math.min),
  ...(a.ends || b.ends ? { ends: true } : {}),
});

const add = (a: Least, b: Least): Least => combine(a, b, (x, y) => x + y);

const combine = (a: Least, b: Least, of: (x: number, y: number) => number): Least => ({
  steps: of(a.steps, b.steps),
  iterations: of(a.iterations, b.iterations),
  spawns: of(a.spawns, b.spawns),
  duration_seconds: of(a.duration_seconds, b.duration_seconds),
});

/** A `return` or `fail` stands somewhere in it. */
function mayEnd(step: PlanStep): boolean {
  if (step.kind === 'return' || step.kind === 'fail') return true;
  const blocks = [...bodiesOf(step), ...handlersOf(step)];
  return blocks.some(([, steps]) => steps.some(mayEnd));
}
