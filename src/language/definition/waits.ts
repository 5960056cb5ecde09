import type { ActionRule } from './action.js';
import { INPUTS } from './inputs.js';
import { keysOf, VALUES } from './key.js';
import { MONTH_SECONDS } from './step.js';

const seconds = { type: 'number', least: 0, most: MONTH_SECONDS } as const;

export const WAIT = keysOf({
  duration_seconds: {
    type: 'either',
    of: [seconds, { type: 'expression' }],
    description: 'Waits for this time.',
    example: 600,
  },
  until: {
    type: 'either',
    of: [{ type: 'text' }, { type: 'number' }],
    description: 'Waits until this date. If the date is in the past, the run continues at once.',
    example: '{{ date_add(now(), 1, "days") }}',
  },
  signal: {
    type: 'text',
    description:
      'Waits until the run receives this signal, sent by `mission executions signal`, by GraphQL’s `signalExecution` or through Temporal. A signal that arrives early is kept.',
    example: 'delivered',
  },
  event: {
    type: 'text',
    description:
      'Waits until an `emit` step of any run emits this event. An event that was emitted before the wait began is not received.',
    example: 'order.paid',
  },
  match: {
    ...VALUES,
    needs: 'event',
    description: 'Fields that the data of the `event` must contain, with these values.',
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
    description:
      'The actor or role that may decide, or a list of them. If absent, everybody who has the right to decide approvals.',
    example: ['operator', 'release_team'],
  },
  quorum: {
    type: 'number',
    integer: true,
    least: 1,
    most: 100,
    default: 1,
    description: 'Number of people who must approve. One denial is enough to deny.',
    example: 2,
  },
  form: {
    type: 'either',
    of: [INPUTS, { type: 'null' }],
    description: 'Fields that the approver fills in, declared like inputs.',
    example: { window: { type: 'string', enum: ['now', 'tonight'] } },
  },
  self_approval: {
    type: 'boolean',
    default: false,
    description: 'Whether the actor who started the run may approve. They may deny in any case.',
    example: true,
  },
  expiry_seconds: {
    type: 'number',
    above: 0,
    most: MONTH_SECONDS,
    default: 86_400,
    description: 'Time after which an undecided approval expires and the step fails.',
    example: 3600,
  },
});

/** Actions that wait. They occupy no worker meanwhile, and survive restarts. */
export const WAITS = {
  wait: {
    kind: 'wait',
    description:
      'Waits for a duration, a date, a signal or an event. `timeout_seconds` is the deadline.',
    value: { type: 'map', keys: WAIT, one: WAIT_TERMS },
    result: '`{}`, or the payload of the signal, or the data of the event',
    details: [
      'A wait occupies no worker and survives any restart. If it takes longer than `timeout_seconds`, it fails with `wait_expired` and is not retried.',
    ],
    examples: ['wait', 'wait_for_signal', 'events'],
  },
  approve: {
    kind: 'approve',
    description:
      'Waits until people approve or deny. The `description` of the step, which may contain expressions, is the question. People decide with `mission approvals` or GraphQL’s `resolveApproval`.',
    value: { type: 'map', keys: APPROVE },
    result: '`{decision, by, comment, form}`',
    details: [
      'What is approved is what runs: the request shows the steps that follow, up to the next approval, with their targets and arguments, and a decision holds for these alone. What only later steps know stands between `‹` and `›`. A run that comes to ask something else, such as a re-run with other inputs, asks again.',
      'If it is denied, the step fails with `approval_denied`; if nobody decides in time, with `approval_expired`. Neither is retried. `error.data` has `{by, comment, form}`.',
    ],
    examples: ['approve'],
  },
} as const satisfies Record<string, ActionRule>;
