import {
  patched,
  ActivityCancellationType,
  CancellationScope,
  condition,
  scheduleActivity,
  scheduleLocalActivity,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../../activities/create-activities.js';
import { MCP_PROGRESS_FACTOR } from '../../contracts/mcp.js';
import type { CallStep } from '../../contracts/plan.js';
import type { OwnStepInput } from '../../contracts/run/own-step.js';
import type { Engine } from './engine.js';
import { callSpecOf } from '../../language/plan/kinds.js';

const LOCAL = {
  startToCloseTimeout: '60s',
  retry: { maximumAttempts: 1 },
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
} as const;

/** History length in events at which the server suggests continue-as-new. */
const SUGGESTED_EVENTS = 4_096;
/** Events that an activity in progress still adds, its workflow task included. */
const EVENTS_PER_ACTIVITY = 6;
const SLACK = 50;
/** Least history length before continue-as-new, so that many pending activities do not make histories useless. */
const LEAST_EVENTS = SUGGESTED_EVENTS / 2;

/** True if the history has no room for the completion events of the activities in progress. */
function isNearlyFull(pending: number): boolean {
  const { historyLength } = workflowInfo();
  const room = historyLength + EVENTS_PER_ACTIVITY * pending + SLACK < SUGGESTED_EVENTS;
  return historyLength > LEAST_EVENTS && !room && patched('room-in-history');
}

/**
 * Start-to-close timeout in seconds, after which Temporal considers the attempt lost. It exceeds the step's own
 * timeout.
 */
const startToCloseSeconds = ({ kind, timeout_seconds }: CallStep): number =>
  timeout_seconds! * (kind === 'mcp' ? MCP_PROGRESS_FACTOR : 1) + 15;

/** The implementation on Temporal's workflow API. */
export const temporalEngine: Engine = {
  now: () => Date.now(),
  random: () => Math.random(),
  sleep: (ms, summary) => sleep(ms, summary === undefined ? undefined : { summary }),
  local: (name, ...args) =>
    scheduleLocalActivity<never>(name, args, LOCAL) as ReturnType<Activities[typeof name]>,
  segment: (name, input) => scheduleLocalActivity(name, [input], LOCAL),
  remoteSegment: (name, input) =>
    scheduleActivity(name, [input], { ...LOCAL, heartbeatTimeout: '10s' }),
  own: (step, input, remainingMs) =>
    scheduleActivity(step.name, [input], {
      startToCloseTimeout: startToCloseSeconds(step) * 1000,
      scheduleToCloseTimeout: remainingMs,
      heartbeatTimeout: '10s',
      retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '30s' },
      cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
      summary: summaryOf(step, input),
    }),
  async alone(mutex) {
    let evaluated = false;
    // Temporal re-evaluates conditions after all promises have settled. The first evaluation is immediate, so it must fail.
    const isFree = () => {
      if (!evaluated || mutex.taken) return !(evaluated = true);
      return (mutex.taken = true);
    };
    await CancellationScope.nonCancellable(() => condition(isFree));
    mutex.taken = false;
  },
  shielded: (work) => CancellationScope.nonCancellable(work),
  has: (change) => patched(change),
  scope(work) {
    const scope = new CancellationScope();
    return { done: scope.run(work), cancel: () => scope.cancel() };
  },
  shouldContinueAsNew: (pending) => workflowInfo().continueAsNewSuggested || isNearlyFull(pending),
};

function summaryOf(step: CallStep, input: OwnStepInput): string {
  const where = input.iteration === '' ? '' : ` [${input.iteration}]`;
  const again = input.attempt > 1 ? `, attempt ${input.attempt}` : '';
  return `${callSpecOf(step).label(step)}${where}${again}`.slice(0, 200);
}
