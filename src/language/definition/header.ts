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
    description:
      'Maximum number of steps that may start. Each iteration of a loop counts its steps again.',
    default: DEFAULT_CEILINGS.steps,
    example: 500,
  },
  iterations: {
    type: 'number',
    integer: true,
    above: 0,
    description:
      'Maximum number of iterations of all loops together. It also limits a `while` that has no `max_iterations`.',
    default: DEFAULT_CEILINGS.iterations,
    example: 1000,
  },
  depth: {
    type: 'number',
    integer: true,
    above: 0,
    description:
      'Maximum depth of child runs. The first run has depth 0, its child runs depth 1, and so on.',
    default: DEFAULT_CEILINGS.depth,
    example: 2,
  },
  spawns: {
    type: 'number',
    integer: true,
    above: 0,
    description: 'Maximum number of child runs, including the child runs of child runs.',
    default: DEFAULT_CEILINGS.spawns,
    example: 20,
  },
  concurrency: {
    type: 'number',
    integer: true,
    above: 0,
    description:
      'Maximum number of branches and loop items of this run that are processed at the same time, nested loops included.',
    default: DEFAULT_CEILINGS.concurrency,
    example: 10,
  },
  duration_seconds: {
    type: 'number',
    above: 0,
    description: 'Maximum duration of the run, including waits and retries.',
    default: DEFAULT_DURATION_SECONDS,
    example: 600,
  },
  tokens: {
    type: 'number',
    integer: true,
    above: 0,
    description: 'Maximum number of tokens of model turns, input and output together.',
    example: 100000,
  },
  cost_usd: {
    type: 'number',
    above: 0,
    description: 'Maximum cost of model turns in US dollars, by the prices in `mission.yaml`.',
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
      'The name of the directive: lower-case letters, digits and `_`, at most 64 characters. Its file may have a different name.',
    example: 'monthly_report',
  },
  version: {
    type: 'text',
    pattern: SEMVER,
    hint: 'write it like 1.0.0',
    required: true,
    description:
      'The semantic version of the directive. Raise it with every change that callers notice.',
    example: '1.0.0',
  },
  description: {
    type: 'text',
    description:
      'The purpose of the directive. If it is absent, `mission validate` prints a warning.',
    example: 'Adds up the exports of a month',
  },
  inputs: {
    type: 'either',
    of: [INPUTS, { type: 'null' }],
    description:
      'The inputs of a run. A run with an unknown input or a wrong type is refused before it starts.',
    example: { month: { type: 'string', description: 'As 2026-01' } },
  },
  permissions: {
    type: 'list',
    of: { type: 'text' },
    description:
      'The permissions of the steps, each as `verb:resource[:scope]`. The verb is read, write, execute, delete or deny; the scope is a glob. If absent, a run has all rights of the actor who starts it, and `mission validate` prints a warning; `[]` means no permissions.',
    example: ['read:filesystem:exports/**', 'execute:mcp_gateway:files'],
  },
  limits: {
    type: 'map',
    keys: LIMITS,
    description:
      'What a run may use. The value itself is allowed; a run that uses more fails with `<limit>_exceeded`.',
    details: [
      'When a run exceeds a limit, its compensation and its `always` steps still run, within a separate grace period. `on_error` cannot handle an exceeded limit. The limits in `mission.yaml` are maximum values for every directive; a child run gets what its parent has left.',
    ],
    example: { duration_seconds: 600, iterations: 100 },
    examples: ['limits'],
  },
  concurrency: {
    type: 'map',
    keys: CONCURRENCY,
    description:
      'Limits how many runs with the same key run at the same time on the whole platform. A queued run has the status pending; its `duration_seconds` count from its start.',
    example: { key: 'deploy {{ inputs.environment }}', limit: 1, on_full: 'wait' },
    examples: ['concurrency'],
  },
  trace: {
    type: 'choice',
    choices: TRACES,
    default: 'auto',
    description:
      '`step` runs each step as a separate activity, so that Temporal Web UI shows it separately.',
    example: 'step',
  },
  steps: {
    type: 'steps',
    required: true,
    description: 'The steps of the directive, in the order in which they run.',
    example: [{ script: 'list_exports' }],
  },
  always: {
    type: 'steps',
    description:
      'Steps that run last, whether the run succeeded or failed. They can read `error`, which is null after a success.',
    details: [
      'They run after compensation and can read what the top-level steps provide. They do not change the result; if they fail, a run that had succeeded fails with `always_failed`. They also run after a cancellation or an exceeded limit, within a tenth of the run’s limits (at least 100 steps and 300 s).',
    ],
    example: [{ script: 'unlock' }],
    examples: ['always'],
  },
  hooks: {
    type: 'map',
    keys: HOOKS,
    description:
      'Hooks run before or after every step, or when it fails, also for the steps of `on_error`. They do not run for the steps of `always`, `compensate` and hooks.',
    details: [
      'Each key has one hook or a list of hooks; the first hook whose `when` is true is used. A step for which a hook with `steps` is used runs as a separate activity, which costs time; a hook whose `when` is false costs nothing.',
    ],
    example: { on_error: { when: "{{ error.code == 'timeout' }}", action: 'retry' } },
    examples: ['hooks'],
  },
  outputs: {
    type: 'value',
    description: 'Documentation of the result. It is not checked.',
    example: { total: 'the sum in euros' },
  },
});
