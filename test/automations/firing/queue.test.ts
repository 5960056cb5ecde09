import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { OccurrenceQueue } from '../../../src/automations/firing/queue.js';
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
let queue: OccurrenceQueue;
beforeAll(async () => {
  at = await automationProject();
  queue = new OccurrenceQueue(at.dataSource);
}, 120_000);
afterAll(() => at?.close());

const statusesOf = async (id: string) =>
  (await occurrencesOf(at, id)).map(({ status, outcome }) => `${status} ${outcome}`);

test('what waits goes one at a time, when the run before it has ended', async () => {
  const { id, name } = await automation(at, { overlap: 'buffer_all' });
  for (let run = 0; run < 3; run += 1) await at.service.run(anna, name);
  await at.starter.startDue(id);
  expect(await queue.release()).toBe(0);
  expect(await statusesOf(id)).toEqual(['manual null', 'queued null', 'queued null']);
  const [first] = await occurrencesOf(at, id);
  await endRun(at, first!.execution_id!);
  await Promise.all([queue.release(), queue.release()]);
  await at.starter.startDue(id);
  await new Settlement(at.dataSource, at.recorder).settle();
  expect(await statusesOf(id)).toEqual(['manual success', 'manual null', 'queued null']);
  expect((await occurrencesOf(at, id))[1]!.cause).toContain('it waited: the run');
});

test('a backfill runs what has no run yet, in order, and its due times are its own', async () => {
  const { id, name } = await automation(at, { schedule: '0 * * * *' });
  const span = { from: new Date('2026-11-01T00:00:00Z'), to: new Date('2026-11-01T03:00:00Z') };
  expect(await at.service.backfill(anna, name, span)).toBe(4);
  expect(await at.service.backfill(anna, name, span)).toBe(0);
  expect(await queue.release()).toBe(1);
  await at.starter.startDue(id);
  const rows = await occurrencesOf(at, id);
  expect(rows.map(({ status, due_at }) => [status, due_at.toISOString().slice(11, 16)])).toEqual([
    ['backfilled', '00:00'],
    ['queued', '01:00'],
    ['queued', '02:00'],
    ['queued', '03:00'],
  ]);
  expect(rows[0]).toMatchObject({ actor: 'anna', trigger: { backfill: true } });
});

test('nothing goes while it is paused or while everything is stopped', async () => {
  const { name } = await automation(at, { schedule: '0 * * * *' });
  const span = { from: new Date('2026-11-01T00:00:00Z'), to: new Date('2026-11-01T00:00:00Z') };
  await at.service.backfill(anna, name, span);
  await at.service.pause(anna, name, null);
  expect(await queue.release()).toBe(0);
  await at.service.resume(anna, name);
  await at.service.stopAll(anna, 'a test');
  expect(await queue.release()).toBe(0);
  await expect(at.service.run(anna, name)).rejects.toThrow('anna stopped all automation: a test');
  await at.service.startAll(anna);
  expect(await queue.release()).toBe(1);
});
