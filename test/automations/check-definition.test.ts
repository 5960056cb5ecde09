import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { checkDefinition } from '../../src/automations/check-definition.js';
import { readSpec } from '../../src/automations/definition/read-spec.js';
import type { JsonObject } from '../../src/contracts/json/json.js';
import { anna, type AutomationProject, automationProject } from './support.js';

let at: AutomationProject;
beforeAll(async () => void (at = await automationProject()), 120_000);
afterAll(() => at?.close());

const check = (keys: JsonObject, principal = anna) =>
  checkDefinition(
    { dataSource: at.dataSource, registry: at.registry },
    principal,
    readSpec({ name: 'a', directive_name: 'report', trigger_type: 'alert', ...keys }),
  );

test('what is known before the trigger must fit; what the trigger gives is looked at later', async () => {
  await check({ inputs: { since: '{{ trigger.alert.message }}', times: '{{ 1 + 1 }}' } });
  await check({ inputs: { since: 'x', times: 2 } });
  await expect(check({ inputs: { times: 'x' } })).rejects.toThrow('The inputs do not fit report');
  await expect(check({ inputs: { x: '{{ trigger.y }}' } })).rejects.toThrow(
    'there is no input "x"',
  );
  await expect(check({ except: ['none'] })).rejects.toThrow('There is no calendar none.');
});

test('a right to another directive is not enough', async () => {
  const bounded = { ...anna, rights: ['execute:directives:other'] };
  await expect(check({}, bounded)).rejects.toThrow('lacks the right execute:directives:report');
});
