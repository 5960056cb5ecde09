import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DueAccounts } from '../../../src/automations/firing/due-accounts.js';
import {
  anna,
  automation,
  type AutomationProject,
  automationProject,
  lookedLast,
  occurrencesOf,
  REPORT,
} from '../support.js';

let at: AutomationProject;
beforeAll(async () => void (at = await automationProject()), 120_000);
afterAll(() => at?.close());

const runsOf = (id: string) =>
  at.dataSource.query(
    `SELECT * FROM directive_executions WHERE cause->>'automation' = $1 ORDER BY created_at`,
    [id],
  );

test('a run gets its inputs from the trigger, its actor and its cause; a repeated start begins no second one', async () => {
  const { id } = await automation(at, { inputs: { since: '{{ trigger.due_at }}', times: 3 } });
  await lookedLast(at, id, 60);
  await new DueAccounts(at.dataSource).advance(id);
  await Promise.all([at.starter.startDue(id), at.starter.startDue(id)]);
  const [occurrence] = await occurrencesOf(at, id);
  const runs = await runsOf(id);
  expect(runs).toHaveLength(1);
  expect(runs[0]).toMatchObject({
    id: occurrence!.execution_id,
    directive_name: 'report',
    actor: 'anna',
    triggered_by: 'schedule',
    inputs: { since: occurrence!.due_at.toISOString(), times: 3 },
    cause: { automation: id, occurrence: occurrence!.id, chain: [id] },
  });
});

test('after a crash between start and note the same run is found, even if the directive was edited', async () => {
  const { id, name } = await automation(at);
  await at.service.run(anna, name);
  await at.starter.startDue(id);
  const [begun] = await runsOf(id);
  await at.dataSource.query(
    'UPDATE automation_occurrences SET fired_at = NULL, execution_id = NULL WHERE automation_id = $1',
    [id],
  );
  at.write(
    '.ai/directives/report.yaml',
    'name: report\nversion: 1.0.1\ndescription: Edited\npermissions: []\nsteps: [{ return: 2 }]\n',
  );
  await at.starter.startDue(id);
  at.write('.ai/directives/report.yaml', REPORT);
  expect(await runsOf(id)).toHaveLength(1);
  expect((await occurrencesOf(at, id))[0]).toMatchObject({
    execution_id: begun.id,
    status: 'manual',
    actor: 'anna',
  });
});

test('what cannot start has failed, with the reason', async () => {
  const { id, name } = await automation(at);
  await at.dataSource.query(
    `UPDATE automations SET spec = spec || '{"directive_name": "gone"}' WHERE id = $1`,
    [id],
  );
  await at.service.run(anna, name);
  await at.starter.startDue(id);
  expect((await occurrencesOf(at, id))[0]).toMatchObject({
    status: 'failed',
    cause: expect.stringContaining('There is no directive gone'),
  });
  const bad = await automation(at, { inputs: { since: '{{ 1 + trigger.type }}' } });
  await at.service.run(anna, bad.name);
  await at.starter.startDue(bad.id);
  expect((await occurrencesOf(at, bad.id))[0]!.status).toBe('failed');
});

test('cancel_other cancels the open run first', async () => {
  const { id, name } = await automation(at, { overlap: 'cancel_other' });
  await at.service.run(anna, name);
  await at.starter.startDue(id);
  await at.service.run(anna, name);
  await at.starter.startDue(id);
  const [first, second] = await runsOf(id);
  expect(first).toMatchObject({ cancel_requested: true });
  expect(first.cancel_reason).toContain('overlap is cancel_other');
  expect(second).toMatchObject({ cancel_requested: false });
});
