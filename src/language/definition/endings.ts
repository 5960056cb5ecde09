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
    description: 'A word for programs: small letters, digits and `_`.',
    example: 'over_limit',
  },
  data: { type: 'value', description: 'Whatever helps.', example: { limit: 1000 } },
});

/** Actions that end the run. */
export const ENDINGS = {
  return: {
    kind: 'return',
    description:
      'Ends the run with success, also inside loops and branches. The value is its result.',
    value: { type: 'value' },
    result: '',
    examples: ['return'],
  },
  fail: {
    kind: 'fail',
    description:
      'Ends the run with an error: a text, or a map. Under `item_error: continue` it fails only its item.',
    value: {
      type: 'either',
      of: [{ type: 'text' }, { type: 'number' }, { type: 'boolean' }, { type: 'map', keys: FAIL }],
    },
    result: '',
    examples: ['fail'],
  },
} as const satisfies Record<string, ActionRule>;
