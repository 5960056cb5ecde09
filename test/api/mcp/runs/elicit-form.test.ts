import { expect, test } from '@jest/globals';
import { approvalForm, inputsForm } from '../../../../src/api/mcp/runs/elicit-form.js';

const missing = (...all: any[]) => ({
  missing_inputs: all.map(({ name }) => name),
  all_inputs: all,
});

test('a form has the missing inputs only, with their types, choices and bounds', () => {
  const inputs = missing(
    { name: 'size', type: 'integer', required: true, minimum: 1, description: 'How many' },
    { name: 'kind', type: 'string', required: true, enum: ['a', 'b'] },
  );
  const more = {
    ...inputs,
    all_inputs: [...inputs.all_inputs, { name: 'given', type: 'string', required: true }],
  };
  expect(inputsForm(more, 'build')).toEqual({
    message: 'The directive build needs these inputs.',
    requestedSchema: {
      type: 'object',
      properties: {
        size: { type: 'integer', title: 'size', minimum: 1, description: 'How many' },
        kind: { type: 'string', title: 'kind', enum: ['a', 'b'] },
      },
      required: ['size', 'kind'],
    },
  });
});

test('there is no form for lists and objects, nor for another answer', () => {
  expect(inputsForm(missing({ name: 'all', type: 'array', required: true }), 'x')).toBeUndefined();
  expect(inputsForm({ status: 'running' }, 'x')).toBeUndefined();
});

test('an approval asks for a decision beside its own fields', () => {
  const row: any = {
    step: 'release',
    description: 'Go?',
    form: { note: { type: 'string', required: false, default: 'x' } },
  };
  const { message, requestedSchema } = approvalForm(row)!;
  expect(message).toBe('release: Go?');
  expect(requestedSchema.required).toEqual(['decision']);
  expect(requestedSchema.properties).toMatchObject({
    note: { type: 'string', default: 'x' },
    decision: { enum: ['approve', 'deny'] },
    comment: { type: 'string' },
  });
  expect(approvalForm({ ...row, form: { list: { type: 'array' } } })).toBeUndefined();
});
