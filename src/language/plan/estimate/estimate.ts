import type { Catalog } from '../../../contracts/catalog.js';
import type { Plan, PlanStep, StepKind, Template } from '../../../contracts/plan.js';
import { secretRight } from '../../../contracts/secret.js';
import { isFusable } from '../steps/is-fusable.js';
import { withHooks } from '../steps/with-hooks.js';
import type { Count } from '../cost.js';
import type { Names } from '../kind-spec.js';
import { isCall, specOf } from '../kinds.js';
import { costOf } from './plan-cost.js';
import { lanesOf } from './plan-lanes.js';
import { secretsOf, secretsOfInputs } from '../secrets-named.js';
import { bodiesOf, handlersOf, mapInner } from '../steps/step-blocks.js';

/** One step as the output of `mission plan` shows it. */
export interface EstimatedStep {
  path: string;
  name: string;
  kind: StepKind;
  /** `own`: an activity of its own; `fused`: inside a segment; `timer`, `people`: waits; `child`: a run of its own; `inline`: only holds steps that are not all fused. */
  runs: 'own' | 'fused' | 'timer' | 'people' | 'child' | 'inline';
  /** Number of enclosing steps. */
  depth: number;
}

/** Resources and costs of a run of a plan. */
export interface PlanEstimate {
  steps: EstimatedStep[];
  /** Rights that the steps need; those of system scripts are known only with a catalog. */
  rights: string[];
  /** Names of MCP servers; a computed name appears as its template. */
  servers: string[];
  /** Names of models; a step without a name uses the default model, which is not listed. */
  models: string[];
  /** Names of secrets in the plan; the inputs of a run may name more. */
  secrets: string[];
  /** Names of the project's scripts; `directives` lists called directives as `name` or `name@range`. */
  scripts: string[];
  directives: string[];
  activities: { planned: Count; traced: Count };
  /** Approximate number of Temporal events. A run continues as new after about 4,000. */
  history_events: { planned: Count; traced: Count };
  child_runs: Count;
  /** Most steps that can run concurrently. */
  lanes: number;
  /** Worst duration in seconds, at most `limits.duration_seconds`. */
  worst_seconds: number;
}

/** Estimates a plan for `mission plan`. The catalog tells which rights system scripts need. */
export function estimatePlan(plan: Plan, catalog?: Catalog): PlanEstimate {
  const blocks = [plan.steps, plan.always ?? [], hookSteps(plan)];
  const steps = blocks.flatMap((block) => listed(block, 0));
  const all = steps.map(({ step }) => step);
  const hooked = withHooks(plan);
  const [planned, traced] = [costOf(hooked), costOf(traceAll(hooked))];
  return {
    steps: steps.map(({ step, depth }) => describe(step, depth)),
    rights: [...new Set(all.flatMap((step) => rightsOf(step, catalog)))].sort(),
    servers: names(all, ({ server }) => textOrNone(server)),
    models: names(all, ({ model }) => textOrNone(model)),
    secrets: [...new Set([...all.flatMap(secretsOf), ...secretsOfInputs(plan)])].sort(),
    scripts: names(all, ({ script }) => script),
    directives: names(all, ({ directive }) => directive && referenceOf(directive)),
    activities: { planned: planned.activities, traced: traced.activities },
    history_events: { planned: planned.events, traced: traced.events },
    child_runs: planned.children,
    lanes: lanesOf(plan),
    worst_seconds: Math.min(planned.seconds, plan.limits.duration_seconds),
  };
}

const hookSteps = ({ hooks }: Plan): PlanStep[] =>
  Object.values(hooks ?? {}).flatMap((all) => all.flatMap(({ steps = [] }) => steps));

const textOrNone = (name: Template | undefined): string | undefined =>
  name === undefined ? undefined : String(name);

const referenceOf = ({ name, range }: NonNullable<Names['directive']>): string =>
  range === undefined ? name : `${name}@${range}`;

const names = (steps: PlanStep[], nameOf: (names: Names) => string | undefined): string[] => [
  ...new Set(
    steps.map((step) => nameOf(specOf(step).names(step))).filter((name) => name !== undefined),
  ),
];

function listed(steps: readonly PlanStep[], depth: number): { step: PlanStep; depth: number }[] {
  return steps.flatMap((step) => [
    { step, depth },
    ...[...bodiesOf(step), ...handlersOf(step)].flatMap(([, inside]) => listed(inside, depth + 1)),
  ]);
}

function describe(step: PlanStep, depth: number): EstimatedStep {
  const { path, name, kind } = step;
  const runs = specOf(step).runs ?? (step.own ? 'own' : isFusable(step) ? 'fused' : 'inline');
  return { path, name, kind, runs, depth };
}

function rightsOf(step: PlanStep, catalog: Catalog | undefined): string[] {
  return [...ownRightsOf(step, catalog), ...secretsOf(step).map(secretRight)];
}

function ownRightsOf(step: PlanStep, catalog: Catalog | undefined): string[] {
  const { use } = specOf(step);
  if (use) return [use.right];
  if (step.kind !== 'script' || !step.system) return [];
  return catalog?.scripts.get(step.script)?.rights ?? [];
}

/** The plan as it would be under `trace: step`. */
const traceAll = (plan: Plan): Plan => ({
  ...plan,
  steps: plan.steps.map(traceStep),
  ...(plan.always && { always: plan.always.map(traceStep) }),
});

function traceStep(step: PlanStep): PlanStep {
  return { ...mapInner(step, traceStep), own: isCall(step) || step.own };
}
