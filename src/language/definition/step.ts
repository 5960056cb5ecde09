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
    description: 'Maximum number of attempts, including the first.',
    example: 5,
  },
  initial_seconds: {
    type: 'number',
    least: 0,
    most: 86_400,
    default: 1,
    description: 'Delay before the second attempt.',
    example: 2,
  },
  factor: {
    type: 'number',
    least: 1,
    most: 86_400,
    default: 2,
    description: 'Factor by which the delay grows with each attempt.',
    example: 1.5,
  },
  maximum_seconds: {
    type: 'number',
    least: 0,
    most: 86_400,
    default: 60,
    description: 'Maximum delay.',
    example: 300,
  },
  jitter: {
    type: 'boolean',
    default: true,
    description:
      'Whether each delay is shortened at random by up to a half, so that many steps do not retry at the same moment.',
    example: false,
  },
  retry_on: {
    ...CODES,
    description: 'The error codes that are retried; other errors are not.',
    example: ['timeout'],
  },
  abort_on: {
    ...CODES,
    description: 'The error codes that are never retried. It takes precedence over `retry_on`.',
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
      'The name of the step, unique in the directive. Other steps read its result as `steps.NAME`. A step without a name is named after its kind and position.',
    example: 'fetch_orders',
  },
  description: {
    type: 'text',
    description:
      'The purpose of the step, shown in plans. In an `approve` step it is the question.',
    example: 'Orders of the last day',
  },
  if: {
    ...CONDITION,
    description: 'The step is skipped if this condition is false or null.',
    example: '{{ count > 0 }}',
  },
  inputs: {
    type: 'either',
    of: [{ type: 'names', of: { type: 'value' } }, { type: 'null' }],
    description: 'The inputs of a script or a directive, or the data of an event.',
    example: { month: '{{ inputs.month }}' },
  },
  output: {
    type: 'list',
    of: { type: 'text' },
    description: 'The fields that the result should have. A missing field is logged.',
    example: ['total', 'currency'],
  },
  timeout_seconds: {
    type: 'number',
    above: 0,
    most: MONTH_SECONDS,
    description:
      'Timeout of one attempt. The default is 10 for scripts and events, 60 for MCP calls, 300 for a turn of a model. Each progress report of an MCP server restarts the timeout, up to ten times its length in total. In a `wait` it is the deadline of the wait, in a `directive` step that of the child run.',
    example: 30,
    examples: ['timeout'],
  },
  retry: {
    type: 'map',
    keys: RETRY,
    description:
      'How failures are retried. Without it, temporary failures (a timeout, a lost connection, HTTP 429 or 5xx) get three attempts, and an error that a script or tool reports gets one.',
    details: [
      'Failures of the platform (of a worker, the database or Temporal) do not count as attempts: the step is retried until the run’s time limit, with at most 30 s between two tries.',
    ],
    example: { attempts: 5, initial_seconds: 2 },
    examples: ['retry_and_on_error'],
  },
  on_error: {
    type: 'either',
    of: [{ type: 'choice', choices: ON_ERROR }, { type: 'steps' }],
    default: 'fail',
    description:
      'What happens when the last attempt has failed: `continue` with the result null, or steps that can read `error`. After them the run continues.',
    example: 'continue',
  },
  compensate: {
    type: 'steps',
    description:
      'Steps that undo the effects of this step if the run later fails or is cancelled. `result` is the result of this step.',
    details: [
      'When a run fails or is cancelled, the `compensate` steps of all completed steps run, in reverse order of completion; in loops and branches, for each item. They can read everything that their step could read, and its result as `result`. A compensation that fails after its retries raises an alert (`compensation_failed`), and the others continue. Steps that were skipped or failed are not compensated. A failure that `on_error` handles starts no compensation.',
      'Compensation also runs after a cancellation or an exceeded limit, within a tenth of the run’s limits (at least 100 steps and 300 s).',
    ],
    example: { script: 'cancel_room', inputs: { id: '{{ result.id }}' } },
    examples: ['compensate'],
  },
  trace: {
    type: 'choice',
    choices: TRACES,
    description:
      '`step` runs this step as a separate activity. If absent, the setting of the surrounding steps applies.',
    example: 'step',
    examples: ['trace'],
  },
});
