import { TRACES } from './header.js';
import { CONDITION, keysOf } from './key.js';
import { ERROR_CODE, NAME, NAME_HINT } from './names.js';

/** Longest wait or timeout that a step may declare, in seconds. */
export const MONTH_SECONDS = 30 * 86_400;

const CODES = { type: 'list', of: { type: 'text', pattern: ERROR_CODE } } as const;

/** Keys of `retry`. */
export const RETRY = keysOf({
  attempts: {
    type: 'number',
    integer: true,
    least: 1,
    most: 1000,
    required: true,
    description: 'Attempts altogether; the first counts.',
    example: 5,
  },
  initial_seconds: {
    type: 'number',
    least: 0,
    most: 86_400,
    default: 1,
    description: 'Before the second attempt.',
    example: 2,
  },
  factor: {
    type: 'number',
    least: 1,
    most: 86_400,
    default: 2,
    description: 'By how much the time before the next one grows.',
    example: 1.5,
  },
  maximum_seconds: {
    type: 'number',
    least: 0,
    most: 86_400,
    default: 60,
    description: 'It grows no further than this.',
    example: 300,
  },
  jitter: {
    type: 'boolean',
    default: true,
    description: 'Shortens each time at random by up to a half, so that many do not come at once.',
    example: false,
  },
  retry_on: { ...CODES, description: 'Only these errors are tried again.', example: ['timeout'] },
  abort_on: {
    ...CODES,
    description: 'These errors are never tried again; it wins over `retry_on`.',
    example: ['bad_request'],
  },
});

export const ON_ERROR = ['fail', 'continue'] as const;

/** The keys that every step may have. */
export const STEP = keysOf({
  name: {
    type: 'text',
    pattern: NAME,
    hint: NAME_HINT,
    description:
      'Unique in the directive; other steps read its result as `steps.NAME`. Without one it is called after kind and position.',
    example: 'fetch_orders',
  },
  description: {
    type: 'text',
    description: 'What it is for; shown in plans. Of an `approve` it is the question.',
    example: 'Orders of the last day',
  },
  if: {
    ...CONDITION,
    description: 'The step is skipped when this is false or null.',
    example: '{{ count > 0 }}',
  },
  inputs: {
    type: 'either',
    of: [{ type: 'names', of: { type: 'value' } }, { type: 'null' }],
    description: 'Values for a script, a directive or an event.',
    example: { month: '{{ inputs.month }}' },
  },
  output: {
    type: 'list',
    of: { type: 'text' },
    description: 'Fields that the result is promised to have; one that is missing is logged.',
    example: ['total', 'currency'],
  },
  timeout_seconds: {
    type: 'number',
    above: 0,
    most: MONTH_SECONDS,
    description:
      'How long one attempt may take: 10 for scripts and events, 60 for MCP, 300 for a turn of a model. An MCP server that tells of its progress gets the time anew, up to ten times as much. Of a `wait` it is the deadline, of a `directive` the child’s.',
    example: 30,
    examples: ['timeout'],
  },
  retry: {
    type: 'map',
    keys: RETRY,
    description:
      'Attempts after a failure. Without it, failures that time may cure (a timeout, a lost connection, 429, 5xx) get three attempts, and an error that a script or tool reports itself gets one.',
    details: [
      'Faults of the platform (a lost worker, database or engine) use up no attempts: they are repeated, at most 30 s apart, as long as the run may take.',
    ],
    example: { attempts: 5, initial_seconds: 2 },
    examples: ['retry_and_on_error'],
  },
  on_error: {
    type: 'either',
    of: [{ type: 'choice', choices: ON_ERROR }, { type: 'steps' }],
    default: 'fail',
    description:
      'After its last attempt: `continue` with the result null, or steps that see `error`; after them the run goes on.',
    example: 'continue',
  },
  compensate: {
    type: 'steps',
    description:
      'Steps that undo it when the run fails or is cancelled later. `result` is what the step returned.',
    details: [
      'When a run fails or is cancelled, what has finished is undone: each `compensate` runs, the last completed step’s first, loops and branches item by item. It sees the scope of its step, and as `result` what that step returned. One that fails after its own retries raises an alert (`compensation_failed`), and the rest goes on. A step that was skipped, or has failed, is not undone; nor is anything undone by a failure that `on_error` handles.',
      'It runs in spite of a cancellation or a limit, for at most a tenth of the run’s limits (at least 100 steps and 300 s).',
    ],
    example: { script: 'cancel_room', inputs: { id: '{{ result.id }}' } },
    examples: ['compensate'],
  },
  trace: {
    type: 'choice',
    choices: TRACES,
    description: '`step` makes it an activity of its own. Absent = as the steps around it.',
    example: 'step',
    examples: ['trace'],
  },
});
