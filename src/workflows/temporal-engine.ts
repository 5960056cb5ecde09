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
import type { Json } from '../contracts/json.js';
import type { CallStep } from '../contracts/plan.js';
import type { OwnStepInput } from '../contracts/run.js';
import type { Engine } from './engine.js';

const LOCAL = {
  startToCloseTimeout: '60s',
  retry: { maximumAttempts: 1 },
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
} as const;

/** Temporal itself. */
export const temporalEngine: Engine = {
  now: () => Date.now(),
  random: () => Math.random(),
  sleep: (ms, summary) => sleep(ms, summary === undefined ? undefined : { summary }),
  local: (name, args) => scheduleLocalActivity(name, args, LOCAL),
  remote: (name, args) =>
    patched('remote-segments')
      ? scheduleActivity(name, args, { ...LOCAL, heartbeatTimeout: '10s' })
      : scheduleLocalActivity(name, args, LOCAL),
  own: (step, input, remainingMs) =>
    scheduleActivity(step.name, [input], {
      startToCloseTimeout: (step.timeout_seconds! + 15) * 1000,
      scheduleToCloseTimeout: remainingMs,
      heartbeatTimeout: '10s',
      retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '30s' },
      cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
      summary: summaryOf(step, input),
    }),
  async alone(turn) {
    let asked = false;
    // Conditions are asked when all promises have settled; the first question comes at once.
    const isMyTurn = () => {
      if (!asked || turn.taken) return !(asked = true);
      return (turn.taken = true);
    };
    await CancellationScope.nonCancellable(() => condition(isMyTurn));
    turn.taken = false;
  },
  shielded: (work) => CancellationScope.nonCancellable(work),
  has: (change) => patched(change),
  scope(work) {
    const scope = new CancellationScope();
    return { done: scope.run(work), cancel: () => scope.cancel() };
  },
  full: () => workflowInfo().continueAsNewSuggested,
};

function summaryOf(step: CallStep, input: OwnStepInput): string {
  const where = input.iteration === '' ? '' : ` [${input.iteration}]`;
  const again = input.attempt > 1 ? `, attempt ${input.attempt}` : '';
  return `${whatOf(step)}${where}${again}`.slice(0, 200);
}

function whatOf(step: CallStep): string {
  switch (step.kind) {
    case 'script':
      return `script ${step.script}`;
    case 'mcp':
      return `mcp ${text(step.server)}.${text(step.tool)}`;
    case 'emit':
      return `emit ${text(step.event)}`;
  }
}

const text = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));
