import type { Plan, PlanStep, Template } from '../../../contracts/plan.js';
import type { ReusableSteps } from '../../../contracts/run/rerun.js';
import { type Generation, isLoop, lineageOf } from './lineage.js';
import { compositeSpecOf, isComposite } from '../kinds.js';
import { readsClock } from '../reads-clock.js';
import { bodiesOf, inner } from '../steps/step-blocks.js';
import { templateTexts } from '../template-texts.js';

/** The rows that a re-run from a point may take over, and the steps that the replay up to the point reads. */
export interface Before {
  reuse: ReusableSteps[];
  /** Compensations of the steps in `reuse`, with the step's name. A step that was compensated must not be reused. */
  undone: (ReusableSteps & { step: string })[];
  /** Steps whose rows the replay reads one by one. */
  walked: PlanStep[];
  /** Enclosing steps of the point, outermost first. */
  around: PlanStep[];
}

/** Collects all steps before a step. Parallel branches beside it count as before, as far as they got. */
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
    for (const { steps } of generation.step.hooks?.before_step ?? []) {
      for (const each of steps ?? []) addHook(before, each, { ...within, inclusive: true });
    }
    addOtherBodies(before, generation.step, inside, within);
    if (isLoop(generation.step)) depth++;
    handled ||= isTolerant(generation.step);
  }
  return before;
}

interface Within {
  depth: number;
  /** True = an enclosing step turns the failure into a result. */
  handled: boolean;
}

/**
 * Adds a step of the list that contains the next enclosing step: from this iteration if before it, else from earlier
 * ones.
 */
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

/** Adds the bodies of an enclosing step that do not contain the point. */
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
  const handled =
    within.handled || step.on_error !== undefined || step.hooks?.on_error !== undefined;
  before.reuse.push({ path: step.path, depth, inclusive, failures: handled });
  const tolerant = handled || isTolerant(step);
  for (const each of inner(step)) add(before, each, { ...within, handled: tolerant });
  if (Array.isArray(step.on_error)) {
    for (const each of step.on_error) {
      before.walked.push(each);
      add(before, each, within);
    }
  }
  for (const { steps } of Object.values(step.hooks ?? {}).flat()) {
    for (const each of steps ?? []) addHook(before, each, within);
  }
  for (const { path } of step.compensate ?? []) {
    before.undone.push({ path, depth, inclusive, failures: true, step: step.name });
  }
}

/** Adds a step of a hook. The replay asks hooks again and answers them from their rows. */
function addHook(before: Before, step: PlanStep, within: Within & { inclusive: boolean }): void {
  before.walked.push(step);
  add(before, step, { ...within, handled: true });
}

/** True if the step may succeed although a step inside it failed. */
const isTolerant = (step: PlanStep): boolean =>
  isComposite(step) && compositeSpecOf(step).isTolerant(step);

/** Paths of the rows that the replay reads: of the steps, and of steps inside them where it must go inside. */
export function pathsRead(steps: readonly PlanStep[], reads: Reads): Set<string> {
  const paths = new Set<string>();
  const add = (step: PlanStep): void => {
    paths.add(step.path);
    const all = allInside(step);
    const through = goesInside(step, reads);
    const wanted = all.filter((each) => through || each.kind === 'foreach');
    for (const each of wanted) paths.add(each.path);
    addBranches(step);
  };
  // The rows of the steps in the branches show whether a branch did anything.
  const addBranches = (step: PlanStep): void => {
    if (step.kind !== 'conditional') return;
    for (const each of inner(step)) {
      paths.add(each.path);
      addBranches(each);
    }
  };
  steps.forEach(add);
  return paths;
}

type Reads = (name: string) => boolean;

/** True if the replay must read the rows inside a finished step, because expressions read named results there. */
export const goesInside = (step: PlanStep, reads: Reads): boolean =>
  // Steps inside a conversation with a model have no names that an expression could read.
  step.kind !== 'llm' && allInside(step).some(({ name }) => reads(name));

/** True if evaluating the list again may give a different list. */
export const isFleeting = (items: Template): boolean =>
  readsClock(items) || templateTexts(items).some((text) => /\buuid\b/.test(text));

/** Every step inside a step, with their handlers and hooks. */
const allInside = (step: PlanStep): PlanStep[] =>
  inner(step).flatMap((each) => [each, ...allInside(each), ...asideOf(each)]);

const asideOf = ({ on_error, hooks }: PlanStep): PlanStep[] =>
  [
    ...(Array.isArray(on_error) ? on_error : []),
    ...Object.values(hooks ?? {}).flatMap((all) => all.flatMap(({ steps }) => steps ?? [])),
  ].flatMap((each) => [each, ...allInside(each), ...asideOf(each)]);
