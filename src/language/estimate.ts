import type { Catalog } from '../contracts/catalog.js';
import type {
  CallStep,
  DirectiveStep,
  ForeachStep,
  Plan,
  PlanStep,
  StepKind,
  WaitStep,
  WhileStep,
} from '../contracts/plan.js';
import { secretRight } from '../contracts/secret.js';
import { isLight } from './is-light.js';
import { secretsOf, secretsOfInputs } from './secrets-named.js';
import { bodiesOf, handlersOf, mapInner } from './step-blocks.js';

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

/** Activities of a run whose loops reach their bounds and which takes the longer branches. */
export interface ActivityCount {
  /** Everything succeeds at once, and no segment meets its budget. */
  usual: number;
  /** Every step uses up its attempts, and its handler runs. */
  worst: number;
}

/** What a run of a plan can cost at most. */
export interface PlanEstimate {
  steps: EstimatedStep[];
  /** Rights that its steps need; of system scripts only with a catalog. */
  rights: string[];
  /** MCP servers that are named; a computed name appears as its template. */
  servers: string[];
  /** Secrets that are named; which ones a run is given besides, its inputs tell. */
  secrets: string[];
  activities: { planned: ActivityCount; traced: ActivityCount };
  /** At most the limit `duration_seconds`. */
  worst_seconds: number;
}

/** Attempts where a step says nothing (transient failures). */
const DEFAULT_RETRY = { attempts: 3, initial_seconds: 1, factor: 2, maximum_seconds: 60 };

/** Estimates a plan for `mission plan`. The catalog tells which rights system scripts need. */
export function estimatePlan(plan: Plan, catalog?: Catalog): PlanEstimate {
  const steps = [...listed(plan.steps, 0), ...listed(plan.always ?? [], 0)];
  const all = steps.map(({ step }) => step);
  const always = plan.always ?? [];
  const traced = countBlock(plan, [...plan.steps, ...always].map(traceStep));
  const planned = add(countBlock(plan, plan.steps), countBlock(plan, always));
  return {
    steps: steps.map(({ step, depth }) => describe(step, depth)),
    rights: [...new Set(all.flatMap((step) => rightsOf(step, catalog)))].sort(),
    servers: [
      ...new Set(all.flatMap((step) => (step.kind === 'mcp' ? [String(step.server)] : []))),
    ],
    secrets: [...new Set([...all.flatMap(secretsOf), ...secretsOfInputs(plan)])].sort(),
    activities: { planned: counts(planned), traced: counts(traced) },
    worst_seconds: Math.min(planned.seconds, plan.limits.duration_seconds),
  };
}

function listed(steps: readonly PlanStep[], depth: number): { step: PlanStep; depth: number }[] {
  return steps.flatMap((step) => [
    { step, depth },
    ...[...bodiesOf(step), ...handlersOf(step)].flatMap(([, inside]) => listed(inside, depth + 1)),
  ]);
}

const isCall = ({ kind }: PlanStep): boolean => ['script', 'mcp', 'emit'].includes(kind);

function describe(step: PlanStep, depth: number): EstimatedStep {
  const { path, name, kind } = step;
  if (kind === 'approve') return { path, name, kind, runs: 'people', depth };
  if (kind === 'wait') return { path, name, kind, runs: 'timer', depth };
  if (kind === 'directive') return { path, name, kind, runs: 'child', depth };
  if (kind === 'parallel') return { path, name, kind, runs: 'inline', depth };
  return { path, name, kind, runs: step.own ? 'own' : isLight(step) ? 'fused' : 'inline', depth };
}

function rightsOf(step: PlanStep, catalog: Catalog | undefined): string[] {
  return [...ownRightsOf(step, catalog), ...secretsOf(step).map(secretRight)];
}

function ownRightsOf(step: PlanStep, catalog: Catalog | undefined): string[] {
  if (step.kind === 'mcp') return ['execute:mcp_gateway'];
  if (step.kind === 'emit') return ['write:events'];
  if (step.kind === 'directive') return ['execute:directives'];
  if (step.kind !== 'script' || !step.system) return [];
  return catalog?.scripts.get(step.script)?.rights ?? [];
}

/** The plan's shape under `trace: step`. */
function traceStep(step: PlanStep): PlanStep {
  return { ...mapInner(step, traceStep), own: isCall(step) || step.own };
}

interface Cost extends ActivityCount {
  seconds: number;
}

const NOTHING: Cost = { usual: 0, worst: 0, seconds: 0 };

const counts = ({ usual, worst }: Cost): ActivityCount => ({ usual, worst });

const add = (a: Cost, b: Cost): Cost => ({
  usual: a.usual + b.usual,
  worst: a.worst + b.worst,
  seconds: a.seconds + b.seconds,
});

const larger = (a: Cost, b: Cost): Cost => ({
  usual: Math.max(a.usual, b.usual),
  worst: Math.max(a.worst, b.worst),
  seconds: Math.max(a.seconds, b.seconds),
});

/** Neighbours that are light share one segment. */
function countBlock(plan: Plan, steps: readonly PlanStep[]): Cost {
  return steps.reduce((sum, step, index) => {
    const opens = isLight(step) && !(index > 0 && isLight(steps[index - 1]!));
    const segment: Cost = opens ? { usual: 1, worst: 1, seconds: 0 } : NOTHING;
    return add(add(sum, segment), countStep(plan, step));
  }, NOTHING);
}

function countStep(plan: Plan, step: PlanStep): Cost {
  const handled = handlersOf(step).map(([, steps]) => countBlock(plan, steps));
  return handled.reduce((sum, cost) => add(sum, { ...cost, usual: 0 }), countAction(plan, step));
}

function countAction(plan: Plan, step: PlanStep): Cost {
  switch (step.kind) {
    case 'script':
    case 'mcp':
    case 'emit':
      return countCall(step);
    case 'approve':
      return { ...NOTHING, seconds: Math.min(step.expiry_seconds, plan.limits.duration_seconds) };
    case 'directive':
      return { ...NOTHING, seconds: childSeconds(plan, step) };
    case 'conditional':
      return withinSegment(step, larger(countBlock(plan, step.then), countBlock(plan, step.else)));
    case 'foreach':
    case 'while':
      return withinSegment(step, countLoop(plan, step));
    case 'parallel':
      return step.branches
        .map((steps) => countBlock(plan, steps))
        .reduce(
          (sum, cost) => ({ ...add(sum, cost), seconds: larger(sum, cost).seconds }),
          NOTHING,
        );
    case 'wait':
      return { ...NOTHING, seconds: secondsOf(plan, step) };
    case 'set':
    case 'return':
    case 'fail':
      return NOTHING;
  }
}

/** A wait whose end is computed may take as long as the run. */
function secondsOf({ limits }: Plan, { duration_seconds, timeout_seconds }: WaitStep): number {
  const longest = typeof duration_seconds === 'number' ? duration_seconds : limits.duration_seconds;
  return Math.min(longest, timeout_seconds ?? Infinity);
}

/** A child may take what its parent has left, in each attempt. */
function childSeconds({ limits }: Plan, { timeout_seconds, retry }: DirectiveStep): number {
  const attempts = retry?.attempts ?? 1;
  return attempts * Math.min(limits.duration_seconds, timeout_seconds ?? Infinity);
}

/** What a light block holds is part of the segment that it stands in; only repetitions come on top. */
function withinSegment(step: PlanStep, cost: Cost): Cost {
  return isLight(step) ? { ...cost, usual: 0, worst: Math.max(0, cost.worst - cost.usual) } : cost;
}

function countCall(step: CallStep): Cost {
  const { attempts, initial_seconds, factor, maximum_seconds } = step.retry ?? DEFAULT_RETRY;
  let pauses = 0;
  for (let attempt = 1; attempt < attempts; attempt++) {
    pauses += Math.min(initial_seconds * factor ** (attempt - 1), maximum_seconds);
  }
  const seconds = attempts * (step.timeout_seconds ?? 0) + pauses;
  return step.own
    ? { usual: 1, worst: attempts, seconds }
    : { usual: 0, worst: attempts - 1, seconds };
}

function countLoop(plan: Plan, step: ForeachStep | WhileStep): Cost {
  const body = countBlock(plan, step.steps);
  const listed = step.kind === 'foreach' && Array.isArray(step.items) && step.items.length;
  const bound = listed === false ? step.max_iterations : listed;
  const count = Math.min(bound ?? Infinity, plan.limits.iterations);
  const rounds = Math.ceil(count / (step.kind === 'foreach' ? step.concurrency : 1));
  return { usual: body.usual * count, worst: body.worst * count, seconds: body.seconds * rounds };
}
