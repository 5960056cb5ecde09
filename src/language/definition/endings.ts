import type { ActionRule } from './action.js';
import { keysOf } from './key.js';

export const FAIL = keysOf({
  message: {
    type: 'value',
    required: true,
    description: 'What went wrong.',
    example: '{{ inputs.amount }} is over 1000',
  },
  code: {
    type: 'text',
    default: 'directive_failed',
    description: 'An error code: lower-case letters, digits and `_`.',
    example: 'over_limit',
  },
  data: {
    type: 'value',
    description: 'Additional data about the error.',
    example: { limit: 1000 },
  },
});

/** Actions that end the run. */
export const ENDINGS = {
  return: {
    kind: 'return',
    description:
      'Ends the run with success, also from inside loops and branches. The value is the result of the run.',
    value: { type: 'value' },
    result: '',
    examples: ['return'],
  },
  fail: {
    kind: 'fail',
    description:
      'Ends the run with an error, given as a text or a map. In a loop with `item_error: continue` only the item fails.',
    value: {
      type: 'either',
      of: [{ type: 'text' }, { type: 'number' }, { type: 'boolean' }, { type: 'map', keys: FAIL }],
    },
    result: '',
    examples: ['fail'],
  },
} as const satisfies Record<string, ActionRule>;
