import type { JsonObject } from '../../../contracts/json/json.js';
import type { ApproveStep, Plan, PlanStep, Template } from '../../../contracts/plan.js';
import { isLoop } from '../change/lineage.js';
import { inner, mapInner } from '../steps/step-blocks.js';
import { guardedSteps } from './guarded-steps.js';
import { type IsKnown, knownPart } from './known-part.js';

/** Upper bounds on what one approval shows: nobody reads more, and plans stay small. */
const MAX_STEPS = 20;
const MAX_LENGTH = 16_384;

/** Names that the approval itself sets, so that their values are not known before it is decided. */
const ANSWER = new Set(['result', 'decision', 'by', 'comment', 'form']);
const LOCALS = new Set(['item', 'index', 'error']);

/** The plan, with what each approval shows: the targets and the arguments of the steps that it guards. */
export function withShownSteps(plan: Plan): Plan {
  const change = (step: PlanStep): PlanStep =>
    step.kind === 'approve' ? { ...step, shows: shownBy(plan, step) } : mapInner(step, change);
  const { steps, always } = plan;
  return { ...plan, steps: steps.map(change), ...(always && { always: always.map(change) }) };
}

function shownBy(plan: Plan, approval: ApproveStep): Template {
  const guarded = guardedSteps(plan, approval.path);
  const later = new Set([approval.name, ...allInside(guarded).map(({ name }) => name)]);
  const all = guarded.flatMap((step, index) => shown(step, { later, next: index === 0 }));
  let length = 0;
  const fitting = all
    .slice(0, MAX_STEPS)
    .filter((each) => (length += JSON.stringify(each).length) <= MAX_LENGTH);
  const more = all.length - fitting.length;
  return [...fitting, ...(more > 0 ? [{ more_steps: more }] : [])];
}

interface Around {
  /** Names of the steps that have no result yet. */
  later: ReadonlySet<string>;
  /** True = the step follows the approval, so that names stand for the same values as there. */
  next: boolean;
  inLoop?: boolean;
}

/** The step, or the steps in it, as their authors wrote them, with their arguments as far as these are known. */
function shown(step: PlanStep, around: Around): JsonObject[] {
  const told = toldOf(step);
  if (told) {
    const { name: step_name, if: condition } = step;
    const entry: JsonObject = { step: step_name, ...told };
    if (condition !== undefined) entry['if'] = condition;
    return [knownPart(entry, knownTo(around)) as JsonObject];
  }
  const inLoop = around.inLoop === true || isLoop(step);
  return inner(step).flatMap((each) => shown(each, { ...around, next: false, inLoop }));
}

const knownTo =
  ({ later, next, inLoop = false }: Around): IsKnown =>
  ([root = '', name]) => {
    if (root === 'inputs' || root === 'run') return true;
    if (root === 'steps') return name !== undefined && !later.has(name);
    if (LOCALS.has(root)) return !inLoop;
    return next && !ANSWER.has(root);
  };

/** What a step does outside the run, in the words of a directive; undefined for a step that does nothing there. */
function toldOf(step: PlanStep): JsonObject | undefined {
  if (step.kind === 'script') return { script: step.script, inputs: step.inputs };
  if (step.kind === 'emit') return { emit: step.event, inputs: step.inputs };
  if (step.kind === 'directive') return { directive: step.directive, inputs: step.inputs };
  if (step.kind === 'llm') return { llm: { ...step.request, tools: step.tools } };
  if (step.kind !== 'mcp') return undefined;
  const { server, tool, arguments: given } = step;
  return { mcp: { server, tool, arguments: given } };
}

const allInside = (steps: readonly PlanStep[]): PlanStep[] =>
  steps.flatMap((step) => [step, ...allInside(inner(step))]);
