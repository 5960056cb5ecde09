import { describe, expect, test } from '@jest/globals';
import { fillSecrets, refuseForeign } from '../../../src/activities/steps/fill-secrets.js';
import type { Trigger } from '../../../src/contracts/execution.js';
import type { JsonObject } from '../../../src/contracts/json/json.js';
import type { InputSpec, ScriptStep } from '../../../src/contracts/plan.js';

const fill = (
  template: JsonObject,
  values: JsonObject,
  trigger: Trigger = 'manual',
  declared: Record<string, InputSpec> = {},
) => {
  const step = { kind: 'script', inputs: template } as ScriptStep;
  const resolve = (name: string) => Promise.resolve(`<${name}>`);
  return fillSecrets(step, values, { run: { trigger }, declared }, resolve);
};

describe('a reference becomes the secret', () => {
  test('where the directive says so, however deep', async () => {
    const inputs = { a: 'secret://one', b: [{ c: 'secret://two' }], d: 'not secret://one' };
    expect(await fill(inputs, inputs)).toEqual({
      a: '<one>',
      b: [{ c: '<two>' }],
      d: 'not secret://one',
    });
  });

  test('where it hands on an input of a run that somebody started', async () => {
    const template = {
      a: '{{ inputs.token }}',
      b: '{{ inputs.all }}',
      c: '{{ inputs }}',
      d: "{{ inputs['token'] }}",
    };
    const [token, all] = ['secret://t', { deep: ['secret://u', 'text'] }];
    expect(await fill(template, { a: token, b: all, c: { token, all }, d: token })).toEqual({
      a: '<t>',
      b: { deep: ['<u>', 'text'] },
      c: { token: '<t>', all: { deep: ['<u>', 'text'] } },
      d: '<t>',
    });
  });

  test('where an input says that it holds one, or by its default, whoever started the run', async () => {
    const declared = {
      token: { required: true, format: 'secret' },
      other: { required: false, default: 'secret://own' },
    };
    const template = { a: '{{ inputs.token }}', b: '{{ inputs.other }}', c: '{{ inputs.other }}' };
    const values = { a: 'secret://t', b: 'secret://own', c: 'secret://chosen' };
    expect(await fill(template, values, 'event', declared)).toEqual({
      a: '<t>',
      b: '<own>',
      c: 'secret://chosen',
    });
  });
});

describe('a reference stays what it is', () => {
  test.each([
    '{{ result.page }}',
    '{{ item }}',
    '{{ steps.x.inputs.token }}',
    "{{ inputs.a + '' }}",
    'x {{ inputs.a }}',
    '{{ inputs[item] }}',
  ])('where it came as data: %s', async (template) => {
    expect(await fill({ a: template }, { a: 'secret://db' })).toEqual({ a: 'secret://db' });
  });

  test.each(['event', 'alert', 'schedule'] as const)(
    'where a run was started by %s',
    async (trigger) => {
      expect(await fill({ a: '{{ inputs.a }}' }, { a: 'secret://db' }, trigger)).toEqual({
        a: 'secret://db',
      });
    },
  );
});

test('a child is given the references of its parent’s author, and none that came as data', async () => {
  const asker = { run: { trigger: 'parent' as const }, declared: {} };
  const template = { a: 'secret://own', b: ['{{ inputs.token }}'], c: '{{ result.page }}' };
  const given = (page: string) => ({ a: 'secret://own', b: ['secret://given'], c: page });
  await refuseForeign(template, given('see secret://db'), asker);
  await expect(refuseForeign(template, given('secret://db'), asker)).rejects.toMatchObject({
    code: 'input_invalid',
    retryable: false,
    message: expect.stringContaining('"secret://db", which comes from data'),
  });
});
