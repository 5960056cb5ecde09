import {
  type CallStep,
  type DirectiveStep,
  type ForeachStep,
  type LlmStep,
  MAX_CALLS,
  type Plan,
  type PlanStep,
  type WaitStep,
  type WhileStep,
} from '../contracts/plan.js';
import { isLight } from './is-light.js';
import { DEFAULT_RETRY } from './retry.js';
import { bodiesOf, handlersOf } from './step-blocks.js';

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

/** Events of Temporal: a workflow task is three, an activity of its own three more, a marker or a timer one or two. */
const EVENTS = { run: 5, segment: 4, own: 6, timer: 5, wait: 8, question: 10, child: 10 };

const none = (): Count => ({ usual: 0, worst: 0 });
const NOTHING: PlanCost = { activities: none(), events: none(), children: none(), seconds: 0 };

/** What the steps of a plan cost, `always` included. */
export function costOf(plan: Plan): PlanCost {
  const run = { ...NOTHING, events: { usual: EVENTS.run, worst: EVENTS.run } };
  const parts = [plan.steps, plan.always ?? []].map((steps) => blockCost(plan, steps));
  return within(plan, [run, ...parts].reduce(add));
}

/** Loops in loops share the limits of the run. */
function within(
  { limits, ...plan }: Plan,
  { activities, events, children, seconds }: PlanCost,
): PlanCost {
  const attempts = Math.max(...[...plan.steps, ...(plan.always ?? [])].map(mostAttempts));
  const cap = (count: Count, most: number, each = 1): Count => ({
    usual: Math.min(count.usual, most * each),
    worst: Math.min(count.worst, most * attempts * each),
  });
  return {
    activities: cap(activities, limits.steps),
    events: cap(events, limits.steps, EVENTS.own + EVENTS.timer),
    children: cap(children, limits.spawns),
    seconds,
  };
}

/** Of a step, and of those inside it. */
const mostAttempts = (step: PlanStep): number =>
  Math.max(
    (step.retry ?? DEFAULT_RETRY).attempts,
    ...[...bodiesOf(step), ...handlersOf(step)].flatMap(([, steps]) => steps.map(mostAttempts)),
  );

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

const add = (a: PlanCost, b: PlanCost): PlanCost => combine(a, b, (x, y) => x + y);
const larger = (a: PlanCost, b: PlanCost): PlanCost => combine(a, b, Math.max);

/** At the same time: the time is that of the slowest. */
const beside = (a: PlanCost, b: PlanCost): PlanCost => ({
  ...add(a, b),
  seconds: Math.max(a.seconds, b.seconds),
});

/** Neighbours that are light share one segment. */
function blockCost(plan: Plan, steps: readonly PlanStep[]): PlanCost {
  return steps.reduce((sum, step, index) => {
    const opens = isLight(step) && !(index > 0 && isLight(steps[index - 1]!));
    return add(add(sum, opens ? SEGMENT : NOTHING), stepCost(plan, step));
  }, NOTHING);
}

const SEGMENT: PlanCost = {
  ...NOTHING,
  activities: { usual: 1, worst: 1 },
  events: { usual: EVENTS.segment, worst: EVENTS.segment },
};

function stepCost(plan: Plan, step: PlanStep): PlanCost {
  const handled = handlersOf(step).map(([, steps]) => unusual(blockCost(plan, steps)));
  return handled.reduce(add, actionCost(plan, step));
}

/** Nothing of it where all goes well. */
const unusual = (cost: PlanCost): PlanCost => ({
  activities: { ...cost.activities, usual: 0 },
  events: { ...cost.events, usual: 0 },
  children: { ...cost.children, usual: 0 },
  seconds: cost.seconds,
});

function actionCost(plan: Plan, step: PlanStep): PlanCost {
  switch (step.kind) {
    case 'script':
    case 'mcp':
    case 'emit':
    case 'turn':
      return callCost(step);
    case 'llm':
      return llmCost(plan, step);
    case 'approve':
      return waitCost(EVENTS.question, Math.min(step.expiry_seconds, plan.limits.duration_seconds));
    case 'wait':
      return waitCost(EVENTS.wait, waitSeconds(plan, step));
    case 'directive':
      return childCost(plan, step);
    case 'conditional':
      return withinSegment(step, larger(blockCost(plan, step.then), blockCost(plan, step.else)));
    case 'foreach':
    case 'while':
      return withinSegment(step, loopCost(plan, step));
    case 'parallel':
      return step.branches.map((steps) => blockCost(plan, steps)).reduce(beside, NOTHING);
    case 'set':
    case 'return':
    case 'fail':
      return NOTHING;
  }
}

const waitCost = (events: number, seconds: number): PlanCost => ({
  ...NOTHING,
  events: { usual: events, worst: events },
  seconds,
});

/** A wait whose end is computed may take as long as the run. */
function waitSeconds({ limits }: Plan, { duration_seconds, timeout_seconds }: WaitStep): number {
  const longest = typeof duration_seconds === 'number' ? duration_seconds : limits.duration_seconds;
  return Math.min(longest, timeout_seconds ?? Infinity);
}

/** A child may take what its parent has left, in each attempt. */
function childCost({ limits }: Plan, { timeout_seconds, retry }: DirectiveStep): PlanCost {
  const attempts = retry?.attempts ?? 1;
  return {
    ...NOTHING,
    events: { usual: EVENTS.child, worst: attempts * (EVENTS.child + EVENTS.timer) },
    children: { usual: 1, worst: attempts },
    seconds: attempts * Math.min(limits.duration_seconds, timeout_seconds ?? Infinity),
  };
}

/** Usually a model calls each of its tools once, and then answers; at worst it calls as often as it may in every turn but the last. */
function llmCost(plan: Plan, { steps: [turn, ...tools], max_turns }: LlmStep): PlanCost {
  const [once, calls] = [stepCost(plan, turn), tools.map((tool) => stepCost(plan, tool))];
  const all = calls.reduce(add, NOTHING);
  const worst = calls.reduce(larger, NOTHING);
  const most = tools.length > 0 ? MAX_CALLS * (max_turns - 1) : 0;
  const usual = tools.length > 0 ? Math.min(2, max_turns) : 1;
  const counts = (of: (cost: PlanCost) => Count): Count => ({
    usual: of(once).usual * usual + (usual > 1 ? of(all).usual : 0),
    worst: of(once).worst * max_turns + of(worst).worst * most,
  });
  return {
    activities: counts(({ activities }) => activities),
    events: counts(({ events }) => events),
    children: none(),
    seconds: once.seconds * max_turns + worst.seconds * most,
  };
}

/** What a light block holds is part of the segment that it stands in; only repetitions come on top. */
function withinSegment(step: PlanStep, cost: PlanCost): PlanCost {
  if (!isLight(step)) return cost;
  const extra = ({ usual, worst }: Count): Count => ({
    usual: 0,
    worst: Math.max(0, worst - usual),
  });
  return { ...cost, activities: extra(cost.activities), events: extra(cost.events) };
}

function callCost(step: CallStep): PlanCost {
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

function loopCost(plan: Plan, step: ForeachStep | WhileStep): PlanCost {
  const body = blockCost(plan, step.steps);
  const count = mostIterations(plan, step);
  const rounds = Math.ceil(count / (step.kind === 'foreach' ? step.concurrency : 1));
  const times = ({ usual, worst }: Count): Count => ({
    usual: usual * count,
    worst: worst * count,
  });
  return {
    activities: times(body.activities),
    events: times(body.events),
    children: times(body.children),
    seconds: body.seconds * rounds,
  };
}

/** As often as a loop can run at most. */
export function mostIterations({ limits }: Plan, step: ForeachStep | WhileStep): number {
  const items = step.kind === 'foreach' && Array.isArray(step.items) ? step.items.length : Infinity;
  return Math.min(items, step.max_iterations ?? Infinity, limits.iterations);
}
