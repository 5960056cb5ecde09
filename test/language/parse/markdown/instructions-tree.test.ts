import { expect, test } from '@jest/globals';
import { compile, directive, findings } from './directive.js';

const inputs = (text: string) => directive({ inputs: `<inputs>${text}</inputs>` });

test('inputs have types, defaults, choices and words', () => {
  const { plan } = compile(
    inputs(`
    <input name="count" type="int" default="3">How many</input>
    <input name="force" type="bool" default="true"/>
    <input name="zone" type="text" enum="north, south" required="true">Where</input>
    <input name="what" type="any" required="false"/>`),
  );
  expect(plan!.inputs).toEqual({
    count: { type: 'integer', description: 'How many', default: 3, required: false },
    force: { type: 'boolean', default: true, required: false },
    zone: { type: 'string', description: 'Where', enum: ['north', 'south'], required: true },
    what: { required: false },
  });
});

test('bad inputs are told where they are', () => {
  expect(findings(inputs('<input type="string"/>'))[0]).toContain(
    'missing_key an <input> has no name',
  );
  expect(findings(inputs('<input name="a" type="strin"/>'))[0]).toContain('7:31');
  expect(findings(inputs('<input name="a" type="int" default="many"/>'))[0]).toContain(
    'invalid_value the default "many"',
  );
  expect(findings(inputs('<input name="a" required="maybe"/>'))[0]).toContain(
    'must be true or false',
  );
  expect(findings(inputs('<input name="a"/><input name="a"/>'))[0]).toContain(
    'the input "a" is there twice',
  );
  expect(findings(inputs('<inptu name="a"/>'))[0]).toContain('<inputs> has no element <inptu>');
});

test('without a request the inputs are told to the model', () => {
  const { plan } = compile(inputs('<input name="topic" type="string" required="true"/>'));
  expect((plan!.steps[0] as any).request.prompt).toContain('{{ json(inputs) }}');
});
