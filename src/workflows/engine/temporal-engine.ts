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

/** Events at which the server suggests a new history. */
const SUGGESTED = 4_096;
/** What an activity that is under way still adds, with the workflow task that hears of it. */
const EVENTS_EACH = 6;
const SLACK = 50;
/** However much is under way, a history is good for something. */
const LEAST = SUGGESTED / 2;

/** What is under way comes to its end in the old history, and has its place there. */
function isNearlyFull(pending: number): boolean {
  const { historyLength } = workflowInfo();
  const room = historyLength + EVENTS_EACH * pending + SLACK < SUGGESTED;
  return historyLength > LEAST && !room && patched('room-in-history');
}

/** What an attempt may take before the engine thinks that its worker has forgotten it. */
const mostSeconds = ({ kind, timeout_seconds }: CallStep): number =>
  timeout_seconds! * (kind === 'mcp' ? MCP_PROGRESS_FACTOR : 1) + 15;

/** Temporal itself. */
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
      startToCloseTimeout: mostSeconds(step) * 1000,
      scheduleToCloseTimeout: remainingMs,
      heartbeatTimeout: '10s',
      retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '30s' },
      cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
      summary: summaryOf(step, input),
    }),
  async alone(mutex) {
    let asked = false;
    // Conditions are asked when all promises have settled; the first question comes at once.
    const isFree = () => {
      if (!asked || mutex.taken) return !(asked = true);
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
