import { keysOf, type ValueRule } from './key.js';

const SECONDS = { type: 'number', least: 0 } as const;
const JSON_MAP = { type: 'names', of: { type: 'value' } } as const;

export const TRIGGERS = ['manual', 'schedule', 'alert', 'event'] as const;
export const ANSWERED = ['approved', 'denied', 'expired'] as const;

/** Keys of a simulated error. */
export const GIVEN_ERROR = keysOf({
  message: {
    type: 'text',
    required: true,
    description: 'What went wrong.',
    example: 'no such month',
  },
  code: {
    type: 'text',
    description: 'The error code. The default is `script_error`, or `mcp_error` for an `mcp` step.',
    example: 'timeout',
  },
  data: {
    type: 'value',
    description: 'Additional data about the error.',
    example: { status: 429 },
  },
  retryable: {
    type: 'boolean',
    description: 'Whether the error may be retried. `false` prevents retries.',
    example: false,
  },
});

/** Keys of one simulated answer. */
export const ANSWER = keysOf({
  result: { type: 'value', description: 'The result of the step.', example: { total: 12 } },
  error: {
    type: 'either',
    of: [{ type: 'text' }, { type: 'map', keys: GIVEN_ERROR }],
    description: 'The error with which the step fails: a message, or a map.',
    example: { code: 'timeout', message: 'too slow' },
  },
  decision: {
    type: 'choice',
    choices: ANSWERED,
    description: 'For an `approve` step: the decision.',
    example: 'approved',
  },
  by: { type: 'text', needs: 'decision', description: 'The actor who decided.', example: 'boss' },
  comment: {
    type: 'text',
    needs: 'decision',
    description: 'The comment of the actor who decided.',
    example: 'go',
  },
  form: {
    ...JSON_MAP,
    needs: 'decision',
    description: 'The values of the form.',
    example: { window: 'tonight' },
  },
  after_seconds: {
    ...SECONDS,
    default: 0,
    description: 'How long the step takes by the clock of the run. No real time passes.',
    example: 30,
  },
});

const answers = {
  type: 'either',
  of: [
    { type: 'map', keys: ANSWER },
    { type: 'list', of: { type: 'map', keys: ANSWER }, least: 1 },
  ],
} as const;

/** Keys of the simulated answers of one step. */
export const GIVEN_STEP = keysOf({
  ...ANSWER,
  iterations: {
    type: 'names',
    of: answers,
    description:
      'Answers by iteration, such as `0` or `1.2`. A list has one answer for each attempt.',
    example: { '0': { result: 1 }, '1': { error: 'broken' } },
  },
});

const sent = {
  name: { type: 'text', required: true, description: 'The name.', example: 'delivered' },
  after_seconds: {
    ...SECONDS,
    default: 0,
    description: 'When it arrives, in seconds after the start of the run.',
    example: 60,
  },
} as const;

export const SIGNAL = keysOf({
  ...sent,
  payload: {
    type: 'value',
    description: 'The payload, which is the result of the wait.',
    example: { boxes: 3 },
  },
});

export const EVENT = keysOf({
  ...sent,
  data: { ...JSON_MAP, description: 'The data of the event.', example: { order: 7 } },
});

/** Keys of the expected outcome. */
export const EXPECT = keysOf({
  result: {
    type: 'value',
    description: 'The expected result of the run, which must be equal.',
    example: { total: 12 },
  },
  error: {
    type: 'either',
    of: [{ type: 'text' }, JSON_MAP],
    description:
      'The expected error of the run: a code, or a map with any of `code`, `message`, `step` and `data`, which must be equal.',
    example: { code: 'over_limit', step: 'check' },
  },
  path: {
    type: 'list',
    of: { type: 'text' },
    description:
      'The steps that ran, in the order in which they started; in a loop with the iteration, such as `add_up[0]`. Skipped steps are left out. Steps without a `name` are left out too, unless the list has one of them.',
    example: ['files', 'add_up[0]', 'add_up[1]'],
  },
  calls: {
    type: 'names',
    of: {
      type: 'either',
      of: [
        { type: 'number', integer: true, least: 0 },
        { type: 'list', of: { type: 'value' } },
      ],
    },
    description:
      'By step: the inputs of each call, retries included, or the number of calls. The inputs of an `mcp` step are `{server, tool, arguments}`, those of an `emit` step `{event, data}`.',
    example: { add_up: [{ file: 'a.csv' }, { file: 'b.csv' }], notify: 0 },
  },
  steps: {
    type: 'names',
    of: { type: 'choice', choices: ['success', 'error', 'skipped', 'cancelled', 'not reached'] },
    description: 'By step, `name` or `name[0]`: the status with which it ended.',
    example: { notify: 'skipped' },
  },
  events: {
    type: 'list',
    of: { type: 'map', keys: keysOf({ name: sent.name, data: EVENT.data }) },
    description: 'The events that it told, in order.',
    example: [{ name: 'order.paid', data: { order: 7 } }],
  },
  questions: {
    type: 'list',
    of: JSON_MAP,
    description:
      'The approvals that the run requested, each with any of `step`, `description`, `who` and `quorum`, which must be equal.',
    example: [{ step: 'may_deploy', who: ['operator'] }],
  },
});

/** Keys of one test. */
export const TEST = keysOf({
  name: {
    type: 'text',
    required: true,
    description: 'The name of the test: what it shows.',
    example: 'adds up two files',
  },
  directive: {
    type: 'text',
    description: 'The directive to test, if it is not that of the file.',
    example: 'monthly_report',
  },
  inputs: { ...JSON_MAP, description: 'The inputs of the run.', example: { month: '2026-01' } },
  now: {
    type: 'text',
    default: '2026-01-01T00:00:00Z',
    description:
      'When the run starts. The clock of the run is advanced only by waits, retries and `after_seconds`.',
    example: '2026-02-01T06:00:00Z',
  },
  actor: {
    type: 'text',
    default: 'tester',
    description: 'The actor who starts the run.',
    example: 'alice',
  },
  trigger: {
    type: 'choice',
    choices: TRIGGERS,
    default: 'manual',
    description: 'The trigger that starts the run.',
    example: 'schedule',
  },
  given: {
    type: 'names',
    of: {
      type: 'either',
      of: [
        { type: 'map', keys: GIVEN_STEP },
        { type: 'list', of: { type: 'map', keys: ANSWER }, least: 1 },
      ],
    },
    description:
      'The answers of steps, by name: one answer that each call gets, or a list with one answer for each call. No script, tool or directive runs, so every such step that the run reaches needs an answer here.',
    example: {
      files: { result: { paths: ['a.csv'] } },
      add_up: [{ error: 'busy' }, { result: 3 }],
    },
  },
  signals: {
    type: 'list',
    of: { type: 'map', keys: SIGNAL },
    description: 'The signals that the run receives.',
    example: [{ name: 'delivered', payload: { boxes: 3 } }],
  },
  events: {
    type: 'list',
    of: { type: 'map', keys: EVENT },
    description:
      'The events that other runs emit. Events of `emit` steps of this run need not be listed.',
    example: [{ name: 'order.paid', data: { order: 7 }, after_seconds: 60 }],
  },
  cancel_after_seconds: {
    ...SECONDS,
    description:
      'When the run is cancelled, in seconds after its start; `expect.error` is then `cancelled`.',
    example: 90,
  },
  expect: {
    type: 'map',
    keys: EXPECT,
    required: true,
    description: 'Expectations of the run. Without `error` the run must succeed.',
    example: { result: { total: 3 } },
  },
});

/** Keys of a test file. */
export const TEST_FILE = keysOf({
  directive: {
    type: 'text',
    description:
      'The directive to test: its name, or a path relative to this file. If absent, the name of this file without `.test.yaml`.',
    example: 'monthly_report',
  },
  tests: {
    type: 'list',
    of: { type: 'map', keys: TEST },
    least: 1,
    required: true,
    description: 'The tests.',
    example: [{ name: 'an empty month', expect: { result: null } }],
  },
});

/** Rule of a whole test file. */
export const TEST_FILE_RULE: ValueRule = { type: 'map', keys: TEST_FILE };
