import type { ActionRule } from './action.js';
import { CONDITION, keysOf } from './key.js';

export const CONDITIONAL = keysOf({
  if: { ...CONDITION, required: true, description: 'The condition.', example: '{{ count > 0 }}' },
  then: {
    type: 'steps',
    description: 'The steps to run if the condition is true.',
    example: [{ script: 'send' }],
  },
  else: {
    type: 'steps',
    description: 'The steps to run if the condition is false.',
    example: { set: { sent: 0 } },
  },
});

export const ITEM_ERROR = ['fail', 'continue'] as const;

/** Keys beside `foreach`. */
export const FOREACH = keysOf({
  steps: {
    type: 'steps',
    required: true,
    description:
      'The steps of each iteration. In a `foreach` they can read `item` and `index` (which starts at 0).',
    example: [{ script: 'add_up', inputs: { file: '{{ item }}' } }],
  },
  concurrency: {
    type: 'number',
    integer: true,
    least: 1,
    most: 1000,
    default: 1,
    description: 'Maximum number of items processed at the same time.',
    example: 4,
  },
  max_iterations: {
    type: 'number',
    integer: true,
    least: 1,
    description:
      'Maximum number of iterations; a loop that exceeds it fails with `iterations_exceeded`. A `foreach` checks it before the first item. A `while` must have it, unless the directive has `limits.iterations`.',
    example: 100,
  },
  key: {
    type: 'value',
    description: 'A text that identifies the item in `errors`.',
    example: '{{ item.id }}',
  },
  item_error: {
    type: 'choice',
    choices: ITEM_ERROR,
    default: 'fail',
    description:
      '`fail`: the step fails as soon as an item fails. `continue`: the loop continues; a failed item is null in `items` and is listed in `errors`.',
    example: 'continue',
  },
});

/** Keys beside `while`. */
export const WHILE = keysOf({ steps: FOREACH.steps, max_iterations: FOREACH.max_iterations });

export const WAIT_FOR = ['all', 'any'] as const;

/** Keys beside `parallel`. */
export const PARALLEL = keysOf({
  wait_for: {
    type: 'either',
    of: [
      { type: 'choice', choices: WAIT_FOR },
      { type: 'number', integer: true, least: 1 },
    ],
    default: 'all',
    description:
      'How many branches must succeed. As soon as they have, the other branches are cancelled.',
    example: 'any',
  },
});

/** Actions that contain steps, and `set`. */
export const BLOCKS = {
  set: {
    kind: 'set',
    description:
      'Gives names to values. A value cannot read the names that the same `set` provides.',
    value: { type: 'names', of: { type: 'value' } },
    result: 'the map',
    examples: ['set'],
  },
  conditional: {
    kind: 'conditional',
    description: 'Runs one of two branches.',
    value: { type: 'map', keys: CONDITIONAL, some: ['then', 'else'] },
    result: 'the result of the branch that ran; unchanged if none ran',
    examples: ['conditional'],
  },
  foreach: {
    kind: 'foreach',
    description:
      'Runs steps for each item of a list. The list is given by a name, by an expression, or directly.',
    value: {
      type: 'either',
      of: [{ type: 'text' }, { type: 'list', of: { type: 'value' } }],
    },
    beside: FOREACH,
    result: '`{items, errors, count, <status>_count…}`',
    details: [
      'A list that is null counts as empty. `items` has the results of the iterations in order, `errors` is `[{index, key, code, message}]`, and `count` is the number of all items. Each iteration has a separate scope: its steps can read what the steps outside the loop provide, but not what other iterations provide.',
      '**Counts by status.** The result of the loop also counts its items by status. The status of an item is the text field `status` (at most 200 characters) of the last step directly in `do` that returns one: if it is `"healthy"`, the item is counted in `healthy_count`. A `<status>_count` with which no item was counted reads 0.',
    ],
    examples: ['foreach'],
  },
  while: {
    kind: 'while',
    description: 'Runs steps repeatedly as long as a condition is true.',
    value: CONDITION,
    beside: WHILE,
    result: '`{count, last}`',
    details: [
      'The condition and the steps can read what earlier iterations provided: `result`, `steps.NAME` and names. If the condition is still true after `max_iterations`, the step fails with `iterations_exceeded`. `count` is the number of iterations, `last` the result of the last one.',
    ],
    examples: ['while'],
  },
  parallel: {
    kind: 'parallel',
    description: 'Runs branches at the same time. Each branch is a step or a list of steps.',
    value: { type: 'list', of: { type: 'steps' }, least: 1 },
    beside: PARALLEL,
    result:
      '`{branches}`: the results of the branches in order; null for a branch that was cancelled because enough others had succeeded',
    details: [
      'As soon as too few branches can still succeed, the step fails with the first error. Each branch has a separate scope: its steps can read what the steps outside provide, but not what other branches provide. After the step, `steps.NAME` and `result.branches` have the results of the branches.',
    ],
    examples: ['parallel'],
  },
} as const satisfies Record<string, ActionRule>;
