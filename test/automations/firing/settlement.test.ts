import { afterAll, beforeAll, expect, test } from '@jest/globals';
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
let settlement: Settlement;
beforeAll(async () => {
  at = await automationProject();
  settlement = new Settlement(at.dataSource, at.recorder);
}, 120_000);
afterAll(() => at?.close());

async function ran(id: string, ...ends: ('success' | 'error' | 'cancelled')[]) {
  for (const end of ends) {
    await at.service.run(anna, id);
    await at.starter.startDue(id);
    await endRun(at, (await occurrencesOf(at, id)).at(-1)!.execution_id!, end);
    await settlement.settle();
  }
  return at.service.find(id);
}

test('failures in a row are counted, and a success ends the count', async () => {
  const { id } = await automation(at);
  expect(await ran(id, 'error', 'error', 'cancelled', 'error')).toMatchObject({ failures: 3 });
  const after = await ran(id, 'success');
  expect(after).toMatchObject({ failures: 0, enabled: true });
  expect(after.last_success_at).not.toBeNull();
  expect((await occurrencesOf(at, id)).map(({ outcome }) => outcome)).toEqual([
    'error',
    'error',
    'cancelled',
    'error',
    'success',
  ]);
});

test('several ends at once are counted in their order', async () => {
  const { id, name } = await automation(at, { overlap: 'allow_all' });
  for (let run = 0; run < 4; run += 1) await at.service.run(anna, name);
  await at.starter.startDue(id);
  const runs = (await occurrencesOf(at, id)).map(({ execution_id }) => execution_id!);
  await endRun(at, runs[0]!, 'error');
  await endRun(at, runs[1]!, 'success');
  await endRun(at, runs[2]!, 'error');
  await endRun(at, runs[3]!, 'error');
  await settlement.settle();
  expect(await at.service.find(id)).toMatchObject({ failures: 2 });
});

test('the fifth failure in a row pauses it, with one alert that names the run', async () => {
  const { id, name } = await automation(at);
  const row = await ran(id, 'error', 'error', 'error', 'error', 'error');
  expect(row).toMatchObject({ enabled: false, paused_by: 'system:kernel' });
  expect(row.pause_note).toContain('5 failures in a row');
  await settlement.settle();
  const alerts = await at.dataSource.query('SELECT * FROM alerts WHERE subject = $1', [
    `automation:${name}`,
  ]);
  expect(alerts).toHaveLength(1);
  expect(alerts[0]).toMatchObject({ kind: 'automation_failing', severity: 'critical' });
  expect(alerts[0].message).toContain(`mission automations resume ${name}`);
  expect(await at.service.resume(anna, name)).toMatchObject({ enabled: true, failures: 0 });
});
