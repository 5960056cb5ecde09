import { DEFAULT_CEILINGS, DEFAULT_DURATION_SECONDS } from '../../contracts/catalog.js';
import { INPUTS } from './inputs.js';
import { CONCURRENCY } from './concurrency.js';
import { HOOKS } from './hooks.js';
import { keysOf } from './key.js';
import { NAME, NAME_HINT, SEMVER } from './names.js';

/** Detail in Temporal Web UI: `auto` fuses light steps into segments, `step` makes each an activity. */
export const TRACES = ['auto', 'step'] as const;

/** Keys of `limits`. The platform's ceilings are the highest accepted values. */
export const LIMITS = keysOf({
  steps: {
    type: 'number',
    integer: true,
    above: 0,
    description: 'Steps that may begin; in loops each time counts.',
    default: DEFAULT_CEILINGS.steps,
    example: 500,
  },
  iterations: {
    type: 'number',
    integer: true,
    above: 0,
    description:
      'Iterations of all loops together. It also bounds a `while` without a bound of its own.',
    default: DEFAULT_CEILINGS.iterations,
    example: 1000,
  },
  depth: {
    type: 'number',
    integer: true,
    above: 0,
    description: 'How deep child runs may start child runs; the root has depth 0.',
    default: DEFAULT_CEILINGS.depth,
    example: 2,
  },
  spawns: {
    type: 'number',
    integer: true,
    above: 0,
    description: 'Child runs, those of children included.',
    default: DEFAULT_CEILINGS.spawns,
    example: 20,
  },
  concurrency: {
    type: 'number',
    integer: true,
    above: 0,
    description: 'Lanes of this run at the same time, loops in loops included.',
    default: DEFAULT_CEILINGS.concurrency,
    example: 10,
  },
  duration_seconds: {
    type: 'number',
    above: 0,
    description: 'How long the run may take, waits and retries included.',
    default: DEFAULT_DURATION_SECONDS,
    example: 600,
  },
  tokens: {
    type: 'number',
    integer: true,
    above: 0,
    description: 'Tokens of model turns, input and output together.',
    example: 100000,
  },
  cost_usd: {
    type: 'number',
    above: 0,
    description: 'What model turns may cost, by the prices in `mission.yaml`.',
    example: 2.5,
  },
});

/** The keys of a directive, in the order in which they are best written. */
export const DIRECTIVE = keysOf({
  name: {
    type: 'text',
    pattern: NAME,
    hint: NAME_HINT,
    required: true,
    description:
      'What it is called: small letters, digits and `_`, at most 64. Its file may be called otherwise.',
    example: 'monthly_report',
  },
  version: {
    type: 'text',
    pattern: SEMVER,
    hint: 'write it like 1.0.0',
    required: true,
    description: 'A semantic version. Raise it with every change that callers notice.',
    example: '1.0.0',
  },
  description: {
    type: 'text',
    description: 'What it is for. Its absence is a warning.',
    example: 'Adds up the exports of a month',
  },
  inputs: {
    type: 'either',
    of: [INPUTS, { type: 'null' }],
    description: 'What a run is given. Unknown and ill-typed inputs are refused before it starts.',
    example: { month: { type: 'string', description: 'As 2026-01' } },
  },
  permissions: {
    type: 'list',
    of: { type: 'text' },
    description:
      'What the steps may touch: `verb:resource[:scope]`, the verb one of read, write, execute, delete, deny, the scope a glob. Absent = all rights of whoever starts it, with a warning; `[]` = none.',
    example: ['read:filesystem:exports/**', 'execute:mcp_gateway:files'],
  },
  limits: {
    type: 'map',
    keys: LIMITS,
    description:
      'What a run may use up. Exactly n is allowed; more ends it with `<limit>_exceeded`.',
    details: [
      'What a limit ends is undone and followed by `always` under a grace of its own. `on_error` cannot catch a limit. The operator’s ceilings (`limits` of `mission.yaml`) cap every directive; a child run has what its parent has left.',
    ],
    example: { duration_seconds: 600, iterations: 100 },
    examples: ['limits'],
  },
  concurrency: {
    type: 'map',
    keys: CONCURRENCY,
    description:
      'Runs at the same time across the platform. A run that waits for its turn is pending; its `duration_seconds` begin with it.',
    example: { key: 'deploy {{ inputs.environment }}', limit: 1, on_full: 'wait' },
    examples: ['concurrency'],
  },
  trace: {
    type: 'choice',
    choices: TRACES,
    default: 'auto',
    description:
      '`step` makes every step an activity of its own, visible by itself in Temporal Web UI.',
    example: 'step',
  },
  steps: {
    type: 'steps',
    required: true,
    description: 'What it does, in this order.',
    example: [{ script: 'list_exports' }],
  },
  always: {
    type: 'steps',
    description:
      'Steps at the very end, whatever happened; they see `error`, which is null after a success.',
    details: [
      'They run after compensation and see the scope of the top block. They change no result; when they fail, a run that has succeeded ends with `always_failed`. They run in spite of a cancellation or a limit, for at most a tenth of the run’s limits (at least 100 steps and 300 s).',
    ],
    example: [{ script: 'unlock' }],
    examples: ['always'],
  },
  hooks: {
    type: 'map',
    keys: HOOKS,
    description:
      'Reactions to what happens in every step, its handlers included; not in `always`, `compensate` and hooks themselves.',
    details: [
      'Each is one hook or a list; the first whose `when` holds is asked. A hook with `steps` takes its step out of the segment that it would run in: conditions that seldom hold cost nothing.',
    ],
    example: { on_error: { when: "{{ error.code == 'timeout' }}", action: 'retry' } },
    examples: ['hooks'],
  },
  outputs: {
    type: 'value',
    description: 'Documentation of the result; nothing checks it.',
    example: { total: 'the sum in euros' },
  },
});
