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
    description: 'Absent = `script_error`, of an `mcp` step `mcp_error`.',
    example: 'timeout',
  },
  data: { type: 'value', description: 'What else it says.', example: { status: 429 } },
  retryable: { type: 'boolean', description: '`false` stops retries.', example: false },
});

/** Keys of one simulated answer. */
export const ANSWER = keysOf({
  result: { type: 'value', description: 'What it returns.', example: { total: 12 } },
  error: {
    type: 'either',
    of: [{ type: 'text' }, { type: 'map', keys: GIVEN_ERROR }],
    description: 'How it fails: a message, or a map.',
    example: { code: 'timeout', message: 'too slow' },
  },
  decision: {
    type: 'choice',
    choices: ANSWERED,
    description: 'Of an `approve` step: how it ends.',
    example: 'approved',
  },
  by: { type: 'text', needs: 'decision', description: 'Who decided.', example: 'boss' },
  comment: { type: 'text', needs: 'decision', description: 'What they said.', example: 'go' },
  form: {
    ...JSON_MAP,
    needs: 'decision',
    description: 'What they filled in.',
    example: { window: 'tonight' },
  },
  after_seconds: {
    ...SECONDS,
    default: 0,
    description: 'How long it takes, on the run’s own clock; no real time passes.',
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
    description: 'By iteration, such as `0` or `1.2`; a list is one answer for each attempt.',
    example: { '0': { result: 1 }, '1': { error: 'broken' } },
  },
});

const sent = {
  name: { type: 'text', required: true, description: 'Its name.', example: 'delivered' },
  after_seconds: { ...SECONDS, default: 0, description: 'When, from the start on.', example: 60 },
} as const;

export const SIGNAL = keysOf({
  ...sent,
  payload: { type: 'value', description: 'The result of the wait.', example: { boxes: 3 } },
});

export const EVENT = keysOf({
  ...sent,
  data: { ...JSON_MAP, description: 'Its data.', example: { order: 7 } },
});

/** Keys of the expected outcome. */
export const EXPECT = keysOf({
  result: { type: 'value', description: 'The result of the run, exactly.', example: { total: 12 } },
  error: {
    type: 'either',
    of: [{ type: 'text' }, JSON_MAP],
    description:
      'Its error: a code, or a map of `code`, `message`, `step`, `data`, of which each that is written must be equal.',
    example: { code: 'over_limit', step: 'check' },
  },
  path: {
    type: 'list',
    of: { type: 'text' },
    description:
      'The steps that ran, in the order in which they began; in a loop with the iteration, `add_up[0]`. Skipped ones are left out; so are those without a name of their own, unless one is listed.',
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
      'By step: the inputs of each call, attempts included; or how many calls there were. Of an `mcp` step they are `{server, tool, arguments}`, of an `emit` step `{event, data}`.',
    example: { add_up: [{ file: 'a.csv' }, { file: 'b.csv' }], notify: 0 },
  },
  steps: {
    type: 'names',
    of: { type: 'choice', choices: ['success', 'error', 'skipped', 'cancelled', 'not reached'] },
    description: 'By step, `name` or `name[0]`: how it ended.',
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
      'What it asked people; of each, what is written of `step`, `description`, `who`, `quorum`.',
    example: [{ step: 'may_deploy', who: ['operator'] }],
  },
});

/** Keys of one test. */
export const TEST = keysOf({
  name: {
    type: 'text',
    required: true,
    description: 'What it shows.',
    example: 'adds up two files',
  },
  directive: {
    type: 'text',
    description: 'Another directive than the file’s.',
    example: 'monthly_report',
  },
  inputs: { ...JSON_MAP, description: 'The inputs of the run.', example: { month: '2026-01' } },
  now: {
    type: 'text',
    default: '2026-01-01T00:00:00Z',
    description: 'When the run starts. Its clock moves only by waits, retries and `after_seconds`.',
    example: '2026-02-01T06:00:00Z',
  },
  actor: { type: 'text', default: 'tester', description: 'Who starts it.', example: 'alice' },
  trigger: {
    type: 'choice',
    choices: TRIGGERS,
    default: 'manual',
    description: 'What starts it.',
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
      'By step: what it answers, the same each time; or a list, one answer for each call. No script, tool or directive runs, so each that is reached must be here.',
    example: {
      files: { result: { paths: ['a.csv'] } },
      add_up: [{ error: 'busy' }, { result: 3 }],
    },
  },
  signals: {
    type: 'list',
    of: { type: 'map', keys: SIGNAL },
    description: 'Signals that the run gets.',
    example: [{ name: 'delivered', payload: { boxes: 3 } }],
  },
  events: {
    type: 'list',
    of: { type: 'map', keys: EVENT },
    description: 'Events that others tell. Those of the run’s own `emit` steps come by themselves.',
    example: [{ name: 'order.paid', data: { order: 7 }, after_seconds: 60 }],
  },
  cancel_after_seconds: {
    ...SECONDS,
    description: 'When somebody cancels the run; `expect.error` is then `cancelled`.',
    example: 90,
  },
  expect: {
    type: 'map',
    keys: EXPECT,
    required: true,
    description: 'What it must come to. Without `error` the run must succeed.',
    example: { result: { total: 3 } },
  },
});

/** Keys of a test file. */
export const TEST_FILE = keysOf({
  directive: {
    type: 'text',
    description:
      'The directive: a name, or a path from this file. Absent = the name of this file without `.test.yaml`.',
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
