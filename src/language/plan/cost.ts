import {
  type ConditionalStep,
  type CallStep,
  type DirectiveStep,
  type ForeachStep,
  type LlmStep,
  MAX_CALLS,
  type ParallelStep,
  type Plan,
  type PlanStep,
  type WaitStep,
  type WhileStep,
} from '../../contracts/plan.js';
import { DEFAULT_RETRY } from './retry.js';

/** Of a run whose loops reach their bounds and which takes the longer branches. */
export interface Count {
  /** Everything succeeds at once, and no segment meets its budget. */
  usual: number;
  /** Every step uses up its attempts, and its handler runs. */
  worst: number;
}

/** What a run costs. */
export interface PlanCost {
  activities: Count;
  /** Events of its histories, about. */
  events: Count;
  children: Count;
  /** In the worst case, without regard to its limit. */
  seconds: number;
}

/** What the cost of a step is reckoned from. */
export interface CostContext {
  plan: Plan;
  /** The cost of a list of steps, of one step, and whether one runs in a segment. */
  block(steps: readonly PlanStep[]): PlanCost;
  step(step: PlanStep): PlanCost;
  isFusable(step: PlanStep): boolean;
}

/** Events of Temporal: a workflow task is three, an activity of its own three more, a marker or a timer one or two. */
export const EVENTS = { run: 5, segment: 4, own: 6, timer: 5, wait: 8, question: 10, child: 10 };

const none = (): Count => ({ usual: 0, worst: 0 });
export const NOTHING: PlanCost = {
  activities: none(),
  events: none(),
  children: none(),
  seconds: 0,
};

const both = (a: Count, b: Count, of: (x: number, y: number) => number): Count => ({
  usual: of(a.usual, b.usual),
  worst: of(a.worst, b.worst),
});

const combine = (a: PlanCost, b: PlanCost, of: (x: number, y: number) => number): PlanCost => ({
  activities: both(a.activities, b.activities, of),
  events: both(a.events, b.events, of),
  children: both(a.children, b.children, of),
  seconds: of(a.seconds, b.seconds),
});

export const add = (a: PlanCost, b: PlanCost): PlanCost => combine(a, b, (x, y) => x + y);
const larger = (a: PlanCost, b: PlanCost): PlanCost => combine(a, b, Math.max);

/** At the same time: the time is that of the slowest. */
const beside = (a: PlanCost, b: PlanCost): PlanCost => ({
  ...add(a, b),
  seconds: Math.max(a.seconds, b.seconds),
});

export const waitCost = (events: number, seconds: number): PlanCost => ({
  ...NOTHING,
  events: { usual: events, worst: events },
  seconds,
});

/** A wait whose end is computed may take as long as the run. */
export function waitSeconds(
  { limits }: Plan,
  { duration_seconds, timeout_seconds }: WaitStep,
): number {
  const longest = typeof duration_seconds === 'number' ? duration_seconds : limits.duration_seconds;
  return Math.min(longest, timeout_seconds ?? Infinity);
}

/** A child may take what its parent has left, in each attempt. */
export function childCost({ limits }: Plan, { timeout_seconds, retry }: DirectiveStep): PlanCost {
  const attempts = retry?.attempts ?? 1;
  return {
    ...NOTHING,
    events: { usual: EVENTS.child, worst: attempts * (EVENTS.child + EVENTS.timer) },
    children: { usual: 1, worst: attempts },
    seconds: attempts * Math.min(limits.duration_seconds, timeout_seconds ?? Infinity),
  };
}

/** Usually a model calls each of its tools once, and then answers; at worst it calls as often as it may in every turn but the last. */
export function llmCost({ steps: [turn, ...tools], max_turns }: LlmStep, of: CostContext) {
  const [once, calls] = [of.step(turn), tools.map((tool) => of.step(tool))];
  const all = calls.reduce(add, NOTHING);
  const worst = calls.reduce(larger, NOTHING);
  const most = tools.length > 0 ? MAX_CALLS * (max_turns - 1) : 0;
  const usual = tools.length > 0 ? Math.min(2, max_turns) : 1;
  const counts = (part: (cost: PlanCost) => Count): Count => ({
    usual: part(once).usual * usual + (usual > 1 ? part(all).usual : 0),
    worst: part(once).worst * max_turns + part(worst).worst * most,
  });
  return {
    activities: counts(({ activities }) => activities),
    events: counts(({ events }) => events),
    children: none(),
    seconds: once.seconds * max_turns + worst.seconds * most,
  };
}

export const branchesCost = ({ branches }: ParallelStep, of: CostContext): PlanCost =>
  branches.map((steps) => of.block(steps)).reduce(beside, NOTHING);

/** The longer one. */
export const branchCost = (step: ConditionalStep, of: CostContext): PlanCost =>
  withinSegment(step, larger(of.block(step.then), of.block(step.else)), of);

/** What a light block holds is part of the segment that it stands in; only repetitions come on top. */
function withinSegment(step: PlanStep, cost: PlanCost, of: CostContext): PlanCost {
  if (!of.isFusable(step)) return cost;
  const extra = ({ usual, worst }: Count): Count => ({
    usual: 0,
    worst: Math.max(0, worst - usual),
  });
  return { ...cost, activities: extra(cost.activities), events: extra(cost.events) };
}

export function callCost(step: CallStep): PlanCost {
  const { attempts, initial_seconds, factor, maximum_seconds } = step.retry ?? DEFAULT_RETRY;
  let pauses = 0;
  for (let attempt = 1; attempt < attempts; attempt++) {
    pauses += Math.min(initial_seconds * factor ** (attempt - 1), maximum_seconds);
  }
  const seconds = attempts * (step.timeout_seconds ?? 0) + pauses;
  const again = attempts - 1;
  const retried = again * (EVENTS.timer + (step.own ? EVENTS.own : EVENTS.segment));
  return step.own
    ? {
        ...NOTHING,
        activities: { usual: 1, worst: attempts },
        events: { usual: EVENTS.own, worst: EVENTS.own + retried },
        seconds,
      }
    : {
        ...NOTHING,
        activities: { usual: 0, worst: again },
        events: { usual: 0, worst: retried },
        seconds,
      };
}

/** `lanes`: iterations at the same time. */
export function loopCost(
  step: ForeachStep | WhileStep,
  count: number,
  lanes: number,
  of: CostContext,
): PlanCost {
  const body = of.block(step.steps);
  const rounds = Math.ceil(count / lanes);
  const times = ({ usual, worst }: Count): Count => ({
    usual: usual * count,
    worst: worst * count,
  });
  const all = {
    activities: times(body.activities),
    events: times(body.events),
    children: times(body.children),
    seconds: body.seconds * rounds,
  };
  return withinSegment(step, all, of);
}

/** As often as a loop can run at most. `items`: of a list that is written out. */
export const mostIterations = (
  { limits }: Plan,
  { max_iterations = Infinity }: ForeachStep | WhileStep,
  items = Infinity,
): number => Math.min(items, max_iterations, limits.iterations);
