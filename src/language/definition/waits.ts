import type { ActionRule } from './action.js';
import { INPUTS } from './inputs.js';
import { keysOf, VALUES } from './key.js';
import { MONTH_SECONDS } from './step.js';

const seconds = { type: 'number', least: 0, most: MONTH_SECONDS } as const;

export const WAIT = keysOf({
  duration_seconds: {
    type: 'either',
    of: [seconds, { type: 'expression' }],
    description: 'So long.',
    example: 600,
  },
  until: {
    type: 'either',
    of: [{ type: 'text' }, { type: 'number' }],
    description: 'Until a date. One in the past goes on at once.',
    example: '{{ date_add(now(), 1, "days") }}',
  },
  signal: {
    type: 'text',
    description:
      'Until this run is told so, by `mission executions signal`, GraphQL’s `signalExecution` or Temporal itself. One that comes early is kept.',
    example: 'delivered',
  },
  event: {
    type: 'text',
    description: 'Until an `emit` step of any run tells it. One that came before is missed.',
    example: 'order.paid',
  },
  match: {
    ...VALUES,
    needs: 'event',
    description: 'What the data of the `event` must contain.',
    example: { order: '{{ inputs.order }}' },
  },
});

/** Terms of a wait; exactly one is required. */
export const WAIT_TERMS = ['duration_seconds', 'until', 'signal', 'event'] as const;

/** Rule of a literal duration. */
export const WAIT_SECONDS = seconds;

export const APPROVE = keysOf({
  who: {
    type: 'either',
    of: [{ type: 'text' }, { type: 'list', of: { type: 'text' } }, { type: 'null' }],
    description: 'An actor or a role, or a list of them. Absent = everybody who may decide.',
    example: ['operator', 'release_team'],
  },
  quorum: {
    type: 'number',
    integer: true,
    least: 1,
    most: 100,
    default: 1,
    description: 'So many must approve; one denial is enough.',
    example: 2,
  },
  form: {
    type: 'either',
    of: [INPUTS, { type: 'null' }],
    description: 'Fields that an approver fills in, declared like inputs.',
    example: { window: { type: 'string', enum: ['now', 'tonight'] } },
  },
  self_approval: {
    type: 'boolean',
    default: false,
    description: 'Whoever started the run may approve, too. To deny, they may in any case.',
    example: true,
  },
  expiry_seconds: {
    type: 'number',
    above: 0,
    most: MONTH_SECONDS,
    default: 86_400,
    description: 'After that it counts as denied.',
    example: 3600,
  },
});

/** Actions that wait. They occupy no worker meanwhile, and survive restarts. */
export const WAITS = {
  wait: {
    kind: 'wait',
    description:
      'Waits for one thing: a time, a date, a signal or an event. `timeout_seconds` is its deadline.',
    value: { type: 'map', keys: WAIT, one: WAIT_TERMS },
    result: '`{}`, or the payload of the signal, or the data of the event',
    details: [
      'It holds no worker, and goes on after any restart. A wait that is longer than its `timeout_seconds` fails with `wait_expired` when those are over, and is not tried again.',
    ],
    examples: ['wait', 'wait_for_signal', 'events'],
  },
  approve: {
    kind: 'approve',
    description:
      'Asks people. Its `description`, which may hold expressions, is the question; `mission approvals` and GraphQL’s `resolveApproval` answer it.',
    value: { type: 'map', keys: APPROVE },
    result: '`{decision, by, comment, form}`',
    details: [
      'A denial fails the step with `approval_denied`, silence with `approval_expired`; neither is tried again. `error.data` has `{by, comment, form}`.',
    ],
    examples: ['approve'],
  },
} as const satisfies Record<string, ActionRule>;
