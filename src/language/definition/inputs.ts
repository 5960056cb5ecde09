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
      'The type, as in JSON Schema; if absent, any type is allowed. Values are not converted. 2.0 is an integer.',
    example: 'string',
  },
  description: {
    type: 'text',
    description: 'The purpose of the input, shown to people who start the directive.',
    example: 'The month to report, as 2026-01',
  },
  required: {
    type: 'boolean',
    description:
      'Whether the input must be given. The default is true, or false if the input has a `default`. A value of null counts as not given.',
    example: false,
  },
  default: { type: 'value', description: 'The value if none is given.', example: 500 },
  enum: {
    type: 'list',
    of: { type: 'value' },
    least: 1,
    description: 'The allowed values.',
    example: ['staging', 'production'],
  },
  minimum: { type: 'number', description: 'The smallest allowed number.', example: 1 },
  maximum: { type: 'number', description: 'The largest allowed number.', example: 100 },
  format: {
    type: 'text',
    description:
      'The format of a text: `date-time`, `date`, `time`, `email`, `uri`, `uuid` …. Other formats are not checked.',
    example: 'date',
  },
});

/** Declared inputs by name. A declaration may be empty. */
export const INPUTS = {
  type: 'names',
  pattern: INPUT_NAME,
  of: { type: 'either', of: [{ type: 'map', keys: INPUT }, { type: 'null' }] },
} as const;
