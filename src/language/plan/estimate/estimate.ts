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

/** One line of the plan. */
export interface EstimatedStep {
  path: string;
  name: string;
  kind: StepKind;
  /** `own`: an activity of its own; `fused`: inside a segment; `timer`, `people`: waits; `child`: a run of its own; `inline`: only holds steps that are not all fused. */
  runs: 'own' | 'fused' | 'timer' | 'people' | 'child' | 'inline';
  /** Steps around it. */
  depth: number;
}

/** What a run of a plan can cost at most. */
export interface PlanEstimate {
  steps: EstimatedStep[];
  /** Rights that its steps need; of system scripts only with a catalog. */
  rights: string[];
  /** MCP servers that are named; a computed name appears as its template. */
  servers: string[];
  /** Models that are named; empty where the only one, or the default one, is meant. */
  models: string[];
  /** Secrets that are named; which ones a run is given besides, its inputs tell. */
  secrets: string[];
  /** Scripts of the project, and directives that it runs, as `name` or `name@range`. */
  scripts: string[];
  directives: string[];
  activities: { planned: Count; traced: Count };
  /** About so many events in Temporal; a run goes on in a new history after about 4,000. */
  history_events: { planned: Count; traced: Count };
  child_runs: Count;
  /** Steps that may be under way at the same time. */
  lanes: number;
  /** At most the limit `duration_seconds`. */
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

/** The plan's shape under `trace: step`. */
const traceAll = (plan: Plan): Plan => ({
  ...plan,
  steps: plan.steps.map(traceStep),
  ...(plan.always && { always: plan.always.map(traceStep) }),
});

function traceStep(step: PlanStep): PlanStep {
  return { ...mapInner(step, traceStep), own: isCall(step) || step.own };
}
