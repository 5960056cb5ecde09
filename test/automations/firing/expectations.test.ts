import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Expectations } from '../../../src/automations/firing/expectations.js';
import { Settlement } from '../../../src/automations/firing/settlement.js';
import {
  anna,
  automation,
  type AutomationProject,
  automationProject,
  endRun,
  occurrencesOf,
} from '../support.js';

let at: AutomationProject;
beforeAll(async () => void (at = await automationProject()), 120_000);
afterAll(() => at?.close());

test('an automation that should have succeeded raises one alert, also while it is paused; its next success resolves it', async () => {
  const { id, name } = await automation(at, { expect: { success_within: '26h' } });
  await at.service.pause(anna, name, 'forgotten');
  const expectations = new Expectations(at.dataSource, at.recorder);
  const alerts = () =>
    at.dataSource.query(`SELECT status, message FROM alerts WHERE subject = $1`, [
      `automation:${name}`,
    ]);
  await expectations.check(Date.now() + 25 * 3_600_000);
  expect(await alerts()).toEqual([]);
  await expectations.check(Date.now() + 27 * 3_600_000);
  await expectations.check(Date.now() + 28 * 3_600_000);
  const [alert, ...others] = await alerts();
  expect(others).toEqual([]);
  expect(alert).toMatchObject({ status: 'open' });
  expect(alert.message).toContain('should succeed within 26h, but it did never since it was made');
  await at.service.run(anna, name);
  await at.starter.startDue(id);
  await endRun(at, (await occurrencesOf(at, id))[0]!.execution_id!);
  await new Settlement(at.dataSource, at.recorder).settle();
  expect((await alerts())[0].status).toBe('resolved');
});
