import type { ActionRule } from './action.js';
import { CONDITION, keysOf } from './key.js';

export const CONDITIONAL = keysOf({
  if: { ...CONDITION, required: true, description: 'The condition.', example: '{{ count > 0 }}' },
  then: { type: 'steps', description: 'Run when it holds.', example: [{ script: 'send' }] },
  else: { type: 'steps', description: 'Run when it does not.', example: { set: { sent: 0 } } },
});

export const ITEM_ERROR = ['fail', 'continue'] as const;

/** Keys beside `foreach`. */
export const FOREACH = keysOf({
  steps: {
    type: 'steps',
    required: true,
    description: 'Run again and again; in a `foreach` with `item` and `index` (from 0) in scope.',
    example: [{ script: 'add_up', inputs: { file: '{{ item }}' } }],
  },
  concurrency: {
    type: 'number',
    integer: true,
    least: 1,
    most: 1000,
    default: 1,
    description: 'Items at the same time.',
    example: 4,
  },
  max_iterations: {
    type: 'number',
    integer: true,
    least: 1,
    description:
      'More than this is `iterations_exceeded`: of a `foreach` before its first item. A `while` must have it, unless the directive has `limits.iterations`.',
    example: 100,
  },
  key: {
    type: 'value',
    description: 'A text that names the item in `errors`.',
    example: '{{ item.id }}',
  },
  item_error: {
    type: 'choice',
    choices: ITEM_ERROR,
    default: 'fail',
    description:
      '`fail`: the first failed item fails the step. `continue`: its place in `items` is null, and `errors` lists it.',
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
    description: 'How many branches must succeed; then the others are cancelled.',
    example: 'any',
  },
});

/** Actions that contain steps, and `set`. */
export const BLOCKS = {
  set: {
    kind: 'set',
    description: 'Gives names to values. It does not read its own keys.',
    value: { type: 'names', of: { type: 'value' } },
    result: 'the map',
    examples: ['set'],
  },
  conditional: {
    kind: 'conditional',
    description: 'One of two branches.',
    value: { type: 'map', keys: CONDITIONAL, some: ['then', 'else'] },
    result: 'the branch’s; unchanged when none ran',
    examples: ['conditional'],
  },
  foreach: {
    kind: 'foreach',
    description:
      'The same steps for each item of a list: a name, an expression, or the list itself.',
    value: {
      type: 'either',
      of: [{ type: 'text' }, { type: 'list', of: { type: 'value' } }],
    },
    beside: FOREACH,
    result: '`{items, errors, count, <status>_count…}`',
    details: [
      'The list may be null (then it is empty). `items` are the results of the iterations in order, `errors` is `[{index, key, code, message}]`, `count` counts all items. Each iteration is a block of its own: it sees what is outside, not the other iterations.',
      '**Tallies.** When the last of the body’s own steps that returns a text field `status` (of at most 200 characters) returns, say, `"healthy"`, the item counts into `healthy_count`. After the loop a `<word>_count` that nothing produced reads 0.',
    ],
    examples: ['foreach'],
  },
  while: {
    kind: 'while',
    description: 'The same steps as long as a condition holds.',
    value: CONDITION,
    beside: WHILE,
    result: '`{count, last}`',
    details: [
      'The condition and each iteration see what the iterations before left: `result`, `steps.NAME`, bare names. When the condition still holds after `max_iterations`, the step fails with `iterations_exceeded`. `count` tells how many there were, `last` the result of the last one.',
    ],
    examples: ['while'],
  },
  parallel: {
    kind: 'parallel',
    description: 'Branches at the same time, each a step or a list of steps.',
    value: { type: 'list', of: { type: 'steps' }, least: 1 },
    beside: PARALLEL,
    result: '`{branches}`: their results in order, null of one that was not waited for',
    details: [
      'When so many can no longer succeed, the step fails with the first error. Each branch is a block of its own: it sees what is outside, not the other branches; afterwards `steps.NAME` and `result.branches` have their results.',
    ],
    examples: ['parallel'],
  },
} as const satisfies Record<string, ActionRule>;
