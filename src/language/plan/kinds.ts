import type {
  ApproveStep,
  CallStep,
  CompositeStep,
  LlmStep,
  PlanStep,
  StepKind,
  WaitStep,
} from '../../contracts/plan.js';
import { textOf } from '../../contracts/json/json.js';
import { CALLS } from '../definition/calls.js';
import {
  branchCost,
  branchesCost,
  callCost,
  childCost,
  EVENTS,
  llmCost,
  loopCost,
  mostIterations,
  NOTHING as NO_COST,
  waitCost,
  waitSeconds,
} from './cost.js';
import type { CallSpec, CommonSpec, CompositeSpec, KindSpec } from './kind-spec.js';
import {
  either,
  leastOfBranches,
  leastOfForeach,
  leastOfLeaf,
  leastOfWait,
  NOTHING,
  ONE_STEP,
} from './least.js';
import { shortText } from './short-text.js';

const LEAF = {
  ends: false,
  retriesOnlyIfSaid: false,
  tallied: true,
  cost: () => NO_COST,
  least: leastOfLeaf,
  names: () => ({}),
  secrets: () => null,
} as const;
const CALL = { ...LEAF, nature: 'call', cost: callCost } as const;
const AWAITED = { ...LEAF, nature: 'awaited' } as const;
const COMPOSITE = {
  ...LEAF,
  nature: 'composite',
  retriesOnlyIfSaid: true,
  tallied: false,
  repeats: false,
  counts: false,
  isTolerant: () => false,
  lanes: (_step: PlanStep, bodies: readonly number[]) => Math.max(1, ...bodies),
} as const;
const ENDING = { ...LEAF, ends: true, least: () => ({ least: NOTHING, ends: true }) } as const;

/** The specification of every kind of step, which compiler, interpreter and estimate use. */
export const KINDS: { readonly [K in StepKind]: KindSpec<Extract<PlanStep, { kind: K }>> } = {
  script: {
    ...CALL,
    failure: 'script_error',
    template: ({ inputs }) => inputs,
    secrets: ({ inputs }) => inputs,
    label: ({ script }) => `script ${script}`,
    timeout_seconds: CALLS.script.timeout_seconds,
    summary: ({ script, system }) => `${script}${system ? ' (system)' : ''}`,
    names: ({ script, system }) => (system ? {} : { script }),
  },
  mcp: {
    ...CALL,
    failure: 'mcp_error',
    use: {
      right: CALLS.mcp.right,
      nameOf: (_step, { server }) => server,
      what: 'A call of the MCP server',
    },
    template: ({ server, tool, arguments: given }) => ({ server, tool, arguments: given }),
    secrets: ({ server, tool, arguments: given }) => ({ server, tool, arguments: given }),
    label: ({ server, tool }) => `mcp ${textOf(server)}.${textOf(tool)}`,
    timeout_seconds: CALLS.mcp.timeout_seconds,
    summary: ({ server, tool }) => `${shortText(server)}: ${shortText(tool)}`,
    names: ({ server }) => ({ server }),
  },
  emit: {
    ...CALL,
    use: { right: CALLS.emit.right, nameOf: (_step, { event }) => event, what: 'The event' },
    failure: 'input_invalid',
    template: ({ event, inputs }) => ({ event, data: inputs }),
    label: ({ event }) => `emit ${textOf(event)}`,
    timeout_seconds: CALLS.emit.timeout_seconds,
    summary: ({ event }) => shortText(event),
  },
  turn: {
    ...CALL,
    failure: 'model_error',
    template: () => '{{ request }}',
    label: () => 'model turn',
    timeout_seconds: CALLS.llm.timeout_seconds,
    summary: () => 'requests an answer from the model',
  },
  set: {
    ...LEAF,
    nature: 'value',
    summary: ({ values }) => Object.keys(values).join(', '),
  },
  return: { ...ENDING, nature: 'value', summary: ({ value }) => shortText(value) },
  fail: { ...ENDING, nature: 'failure', summary: ({ message }) => shortText(message) },
  conditional: {
    ...COMPOSITE,
    bodyKeys: ['then', 'else'],
    bodies: (step) => [
      ['then', step.then],
      ['else', step.else],
    ],
    mapBodies: (step, change) => ({
      ...step,
      then: step.then.map(change),
      else: step.else.map(change),
    }),
    cost: branchCost,
    least: (step, of) => either(of.block(step.then), of.block(step.else)),
    summary: ({ test }) => `if ${shortText(test)}`,
  },
  foreach: {
    ...COMPOSITE,
    repeats: true,
    counts: true,
    bodyKeys: ['steps'],
    bodies: ({ steps }) => [['each', steps]],
    mapBodies: (step, change) => ({ ...step, steps: step.steps.map(change) }),
    isTolerant: ({ item_error }) => item_error === 'continue',
    cost: (step, of) =>
      loopCost(step, mostIterations(of.plan, step, lengthOf(step.items)), step.concurrency, of),
    least: leastOfForeach,
    lanes: (step, bodies, plan) => {
      const count = mostIterations(plan, step, lengthOf(step.items));
      return Math.max(1, ...bodies) * Math.max(1, Math.min(step.concurrency, count));
    },
    summary: ({ items, concurrency }) =>
      `${shortText(items)}${concurrency > 1 ? `, ${concurrency} at a time` : ''}`,
  },
  while: {
    ...COMPOSITE,
    repeats: true,
    bodyKeys: ['steps'],
    bodies: ({ steps }) => [['each', steps]],
    mapBodies: (step, change) => ({ ...step, steps: step.steps.map(change) }),
    cost: (step, of) => loopCost(step, mostIterations(of.plan, step), 1, of),
    summary: ({ test }) => `while ${shortText(test)}`,
  },
  parallel: {
    ...COMPOSITE,
    runs: 'inline',
    bodyKeys: ['branches'],
    bodies: ({ branches }) => branches.map((steps, index) => [`branch ${index}`, steps]),
    mapBodies: (step, change) => ({
      ...step,
      branches: step.branches.map((steps) => steps.map(change)),
    }),
    isTolerant: ({ wait_for, branches }) => wait_for < branches.length,
    cost: branchesCost,
    least: leastOfBranches,
    lanes: (_step, bodies) => bodies.reduce((sum, lanes) => sum + lanes, 0),
    summary: ({ wait_for, branches }) => `${wait_for} of ${branches.length} branches`,
  },
  llm: {
    ...COMPOSITE,
    runs: 'inline',
    failure: 'model_error',
    tallied: true,
    use: {
      right: CALLS.llm.right,
      nameOf: (_step, { model }) => model,
      what: 'A request to the model',
    },
    bodyKeys: ['steps'],
    bodies: ({ steps }) => [['turns', steps]],
    mapBodies: (step, change) => ({ ...step, steps: step.steps.map(change) as LlmStep['steps'] }),
    isTolerant: () => true,
    cost: llmCost,
    least: () => ({ least: ONE_STEP }),
    summary: ({ request: { model = 'the default model' }, max_turns }) =>
      `${shortText(model)}, at most ${max_turns} turn${max_turns === 1 ? '' : 's'}`,
    names: ({ request: { model } }) => (model === undefined ? {} : { model }),
  },
  wait: {
    ...AWAITED,
    runs: 'timer',
    cost: (step, { plan }) => waitCost(EVENTS.wait, waitSeconds(plan, step)),
    least: leastOfWait,
    summary: awaited,
  },
  approve: {
    ...AWAITED,
    runs: 'people',
    cost: ({ expiry_seconds }, { plan }) =>
      waitCost(EVENTS.question, Math.min(expiry_seconds, plan.limits.duration_seconds)),
    summary: approvers,
  },
  directive: {
    ...AWAITED,
    runs: 'child',
    retriesOnlyIfSaid: true,
    failure: 'directive_failed',
    use: {
      right: CALLS.directive.right,
      nameOf: ({ directive }) => directive,
      what: 'A run of the directive',
    },
    cost: (step, { plan }) => childCost(plan, step),
    least: () => ({ least: { ...NOTHING, spawns: 1 } }),
    summary: ({ directive, range }) => `${directive}${range === undefined ? '' : `@${range}`}`,
    names: ({ directive: name, range }) => ({ directive: { name, range } }),
    secrets: ({ inputs }) => inputs,
  },
};

const lengthOf = (items: unknown): number | undefined =>
  Array.isArray(items) ? items.length : undefined;

/** Summary of approvers, such as `2 of operator, release_team, not who starts the run`. */
function approvers({ who, quorum, self_approval }: ApproveStep): string {
  const names = Array.isArray(who) ? who : [who];
  const asked =
    names.length > 0
      ? names.map((name) => shortText(name)).join(', ')
      : 'everybody who has the right to decide';
  const count = quorum > 1 ? `${quorum} of ` : '';
  return `${count}${asked}${self_approval ? '' : ', except the starter of the run'}`;
}

function awaited({ until, signal, event, duration_seconds }: WaitStep): string {
  if (until !== undefined) return `until ${shortText(until)}`;
  if (signal !== undefined) return `signal ${shortText(signal)}`;
  return event === undefined ? `${shortText(duration_seconds!)} s` : `event ${shortText(event)}`;
}

/** The specification of a step's kind. */
export const specOf = (step: PlanStep): CommonSpec<PlanStep> =>
  KINDS[step.kind] as CommonSpec<PlanStep>;

export const isCall = (step: PlanStep): step is CallStep => specOf(step).nature === 'call';

/** True for a step that contains other steps. */
export const isComposite = (step: PlanStep): step is CompositeStep =>
  specOf(step).nature === 'composite';

export const callSpecOf = (step: CallStep): CommonSpec<CallStep> & CallSpec<CallStep> =>
  KINDS[step.kind] as CommonSpec<CallStep> & CallSpec<CallStep>;

export const compositeSpecOf = (
  step: CompositeStep,
): CommonSpec<CompositeStep> & CompositeSpec<CompositeStep> =>
  KINDS[step.kind] as CommonSpec<CompositeStep> & CompositeSpec<CompositeStep>;

/** True for a step after which an unknown `<status>_count` reads 0. */
export const doesCount = (step: PlanStep): boolean =>
  isComposite(step) && compositeSpecOf(step).counts;
