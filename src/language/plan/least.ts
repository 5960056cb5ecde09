import type {
  ForeachStep,
  Limits,
  ParallelStep,
  PlanStep,
  WaitStep,
} from '../../contracts/plan.js';

/** The least use of limits by a successful run. */
export type Least = Pick<Limits, 'steps' | 'iterations' | 'spawns' | 'duration_seconds'>;

/** The shortest path through steps. */
export interface Path {
  least: Least;
  /** True = the run may end on this path. */
  ends?: boolean;
}

/** Context for the least use of a step. */
export interface LeastContext {
  /** The shortest path through a list of steps. */
  block(steps: readonly PlanStep[]): Path;
  /** True if the step contains a step that ends the run. */
  mayEnd(step: PlanStep): boolean;
}

export const NOTHING: Least = { steps: 0, iterations: 0, spawns: 0, duration_seconds: 0 };
export const ONE_STEP: Least = { ...NOTHING, steps: 1 };

/** Least use of a step without steps inside: nothing beyond the step itself. */
export const leastOfLeaf = (step: PlanStep, of: LeastContext): Path =>
  of.mayEnd(step) ? { least: NOTHING, ends: true } : { least: NOTHING };

export const leastOfWait = ({ duration_seconds }: WaitStep): Path => ({
  least: {
    ...NOTHING,
    duration_seconds: typeof duration_seconds === 'number' ? duration_seconds : 0,
  },
});

export function leastOfForeach(step: ForeachStep, of: LeastContext): Path {
  const ends = of.mayEnd(step);
  if (ends || step.item_error === 'continue') return { least: NOTHING, ends };
  const count = Array.isArray(step.items) ? step.items.length : 0;
  const { steps, iterations, spawns, duration_seconds } = of.block(step.steps).least;
  const rounds = Math.ceil(count / step.concurrency);
  return {
    least: {
      steps: steps * count,
      iterations: (1 + iterations) * count,
      spawns: spawns * count,
      duration_seconds: duration_seconds * rounds,
    },
  };
}

/** Least use of a `parallel`: the cheapest branches, as many as must succeed. */
export function leastOfBranches(step: ParallelStep, of: LeastContext): Path {
  if (of.mayEnd(step)) return { least: NOTHING, ends: true };
  const all = step.branches.map((steps) => of.block(steps).least);
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

export const either = (a: Path, b: Path): Path => ({
  least: combine(a.least, b.least, Math.min),
  ...(a.ends || b.ends ? { ends: true } : {}),
});

export const add = (a: Least, b: Least): Least => combine(a, b, (x, y) => x + y);

const combine = (a: Least, b: Least, of: (x: number, y: number) => number): Least => ({
  steps: of(a.steps, b.steps),
  iterations: of(a.iterations, b.iterations),
  spawns: of(a.spawns, b.spawns),
  duration_seconds: of(a.duration_seconds, b.duration_seconds),
});
