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

/** An estimated count for a run whose loops reach their bounds and which takes the longer branches. */
export interface Count {
  /** Count if every first attempt succeeds and no segment reaches its budget. */
  usual: number;
  /** Count if every step uses up its attempts and its handler runs. */
  worst: number;
}

/** Estimated cost of a run. */
export interface PlanCost {
  activities: Count;
  /** Approximate number of Temporal events. */
  events: Count;
  children: Count;
  /** Duration in the worst case, without the limit `duration_seconds`. */
  seconds: number;
}

/** Context for the cost of a step. */
export interface CostContext {
  plan: Plan;
  /** Cost of a list of steps. */
  block(steps: readonly PlanStep[]): PlanCost;
  step(step: PlanStep): PlanCost;
  isFusable(step: PlanStep): boolean;
}

/** Temporal events per operation: a workflow task has three, an activity three more, a marker or timer one or two. */
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

/** Sums the cost of concurrent work; its duration is that of the slowest part. */
const beside = (a: PlanCost, b: PlanCost): PlanCost => ({
  ...add(a, b),
  seconds: Math.max(a.seconds, b.seconds),
});

export const waitCost = (events: number, seconds: number): PlanCost => ({
  ...NOTHING,
  events: { usual: events, worst: events },
  seconds,
});

/** Worst duration of a wait in seconds. A computed end may take as long as the run. */
export function waitSeconds(
  { limits }: Plan,
  { duration_seconds, timeout_seconds }: WaitStep,
): number {
  const longest = typeof duration_seconds === 'number' ? duration_seconds : limits.duration_seconds;
  return Math.min(longest, timeout_seconds ?? Infinity);
}

/** Cost of a child run. Each attempt may take the parent's remaining time. */
export function childCost({ limits }: Plan, { timeout_seconds, retry }: DirectiveStep): PlanCost {
  const attempts = retry?.attempts ?? 1;
  return {
    ...NOTHING,
    events: { usual: EVENTS.child, worst: attempts * (EVENTS.child + EVENTS.timer) },
    children: { usual: 1, worst: attempts },
    seconds: attempts * Math.min(limits.duration_seconds, timeout_seconds ?? Infinity),
  };
}

/**
 * Cost of a conversation. Usually the model calls each tool once and answers; at worst it calls the most tools in every
 * turn but the last.
 */
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

/** Cost of the more expensive branch. */
export const branchCost = (step: ConditionalStep, of: CostContext): PlanCost =>
  withinSegment(step, larger(of.block(step.then), of.block(step.else)), of);

/** Cost of a composite step. A fusable one is part of the segment around it, so only its repetitions are added. */
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

/** Cost of a loop. `lanes`: number of concurrent iterations. */
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

/** Most iterations of a loop. `items`: length of a literal list. */
export const mostIterations = (
  { limits }: Plan,
  { max_iterations = Infinity }: ForeachStep | WhileStep,
  items = Infinity,
): number => Math.min(items, max_iterations, limits.iterations);
