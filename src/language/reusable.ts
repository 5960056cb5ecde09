import type { Plan, PlanStep } from '../contracts/plan.js';
import type { ReusableSteps } from '../contracts/rerun.js';
import { type Generation, isLoop, lineageOf } from './lineage.js';
import { bodiesOf, inner } from './step-blocks.js';

/** What a re-run from a point may take over, and what the replay up to there reads of it. */
export interface Before {
  reuse: ReusableSteps[];
  /** Compensations of those steps, with the step's name: what was undone is not there to be reused. */
  undone: (ReusableSteps & { step: string })[];
  /** The steps whose rows are walked through, one by one. */
  walked: PlanStep[];
  /** The steps around the point, outermost first. */
  around: PlanStep[];
}

/** Everything that is before a step. Branches beside it are, as far as they have come. */
export function reusableBefore(plan: Plan, path: string): Before {
  const before: Before = { reuse: [], undone: [], walked: [], around: [] };
  const lineage = lineageOf(plan, path)!;
  let depth = 0;
  let handled = false;
  for (const [at, generation] of lineage.entries()) {
    const within: Within = { depth, handled };
    for (const step of generation.steps) addBeside(before, generation, step, within);
    const inside = lineage[at + 1];
    if (!inside) break;
    before.around.push(generation.step);
    addOtherBodies(before, generation.step, inside, within);
    if (isLoop(generation.step)) depth++;
    handled ||= isTolerant(generation.step);
  }
  return before;
}

interface Within {
  depth: number;
  /** Something around it turns its failure into a result. */
  handled: boolean;
}

/** A step of the list in which the way to the point goes on: finished in this iteration, or only in those before. */
function addBeside(
  before: Before,
  { steps, step: way }: Generation,
  step: PlanStep,
  within: Within,
) {
  const inclusive = steps.indexOf(step) < steps.indexOf(way);
  if (!inclusive && within.depth === 0) return;
  before.walked.push(step);
  add(before, step, { ...within, inclusive });
}

/** Bodies of a step around the point that the way does not lead through. */
function addOtherBodies(before: Before, step: PlanStep, inside: Generation, within: Within): void {
  for (const [, body] of bodiesOf(step)) {
    if (body === inside.steps) continue;
    const inclusive = step.kind === 'parallel';
    if (!inclusive && within.depth === 0) continue;
    for (const each of body) {
      before.walked.push(each);
      add(before, each, { ...within, inclusive });
    }
  }
}

function add(before: Before, step: PlanStep, within: Within & { inclusive: boolean }): void {
  const { depth, inclusive } = within;
  const handled = within.handled || step.on_error !== undefined;
  before.reuse.push({ path: step.path, depth, inclusive, failures: handled });
  const tolerant = handled || isTolerant(step);
  for (const each of inner(step)) add(before, each, { ...within, handled: tolerant });
  if (Array.isArray(step.on_error)) {
    for (const each of step.on_error) {
      before.walked.push(each);
      add(before, each, within);
    }
  }
  for (const { path } of step.compensate ?? []) {
    before.undone.push({ path, depth, inclusive, failures: true, step: step.name });
  }
}

/** It may succeed although something in it has failed. */
const isTolerant = (step: PlanStep): boolean =>
  (step.kind === 'foreach' && step.item_error === 'continue') ||
  (step.kind === 'parallel' && step.wait_for < step.branches.length);

/** Paths of the rows that the replay reads: of steps, and what a finished block leaves for the names outside it. */
export function pathsRead(
  steps: readonly PlanStep[],
  reads: (name: string) => boolean,
): Set<string> {
  const paths = new Set<string>();
  const inside = (step: PlanStep): void => {
    for (const each of inner(step)) {
      if (step.kind === 'conditional' || each.kind === 'foreach' || reads(each.name))
        paths.add(each.path);
      inside(each);
    }
  };
  for (const step of steps) {
    paths.add(step.path);
    inside(step);
  }
  return paths;
}
