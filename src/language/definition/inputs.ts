import type { InputType } from '../../contracts/plan.js';
import { keysOf } from './key.js';
import { INPUT_NAME } from './names.js';

export const INPUT_TYPES = [
  'string',
  'integer',
  'number',
  'boolean',
  'object',
  'array',
] as const satisfies InputType[];

/** Keys of one declared input. */
export const INPUT = keysOf({
  type: {
    type: 'choice',
    choices: INPUT_TYPES,
    description:
      'The type of JSON Schema; absent = any. Nothing is coerced, and 2.0 is an integer.',
    example: 'string',
  },
  description: {
    type: 'text',
    description: 'What it is for; shown to whoever starts the directive.',
    example: 'The month to report, as 2026-01',
  },
  required: {
    type: 'boolean',
    description: 'Whether it must be given. True unless it has a `default`; null counts as absent.',
    example: false,
  },
  default: { type: 'value', description: 'Its value where none is given.', example: 500 },
  enum: {
    type: 'list',
    of: { type: 'value' },
    least: 1,
    description: 'The values that it may have.',
    example: ['staging', 'production'],
  },
  minimum: { type: 'number', description: 'The least number that it may be.', example: 1 },
  maximum: { type: 'number', description: 'The largest number that it may be.', example: 100 },
  format: {
    type: 'text',
    description:
      'The form of a text: `date-time`, `date`, `time`, `email`, `uri`, `uuid` …; others are not checked.',
    example: 'date',
  },
});

/** Declared inputs by name. A declaration may be empty. */
export const INPUTS = {
  type: 'names',
  pattern: INPUT_NAME,
  of: { type: 'either', of: [{ type: 'map', keys: INPUT }, { type: 'null' }] },
} as const;
