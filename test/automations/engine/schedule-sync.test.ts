import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ScheduleNotFoundError } from '@temporalio/client';
import fc from 'fast-check';
import { scheduleIdOf, ScheduleSync } from '../../../src/automations/engine/schedule-sync.js';
import { dueTimes } from '../../../src/automations/schedule/due-times.js';
import { parseCron } from '../../../src/automations/schedule/parse-cron.js';
import { utcCalendars } from '../../../src/automations/schedule/utc-calendars.js';
import { startTestEngine, type TestEngine } from '../../support/engine.js';
import {
  anna,
  automation,
  type AutomationProject,
  automationProject,
  lookedLast,
  occurrencesOf,
} from '../support.js';

let at: AutomationProject;
let engine: TestEngine;
let sync: ScheduleSync;
beforeAll(async () => {
  at = await automationProject();
  engine = await startTestEngine({}, at.library, undefined, at.database);
  const { client, taskQueue } = engine;
  sync = new ScheduleSync({ dataSource: at.dataSource, client, taskQueue });
}, 120_000);
afterAll(async () => {
  for (const row of await at.service.list()) await at.service.delete(anna, row.id);
  await sync?.round();
  await engine?.stop();
  await at?.close();
});

const describeSchedule = async (name: string) =>
  engine.client.schedule.getHandle(scheduleIdOf(await at.service.find(name))).describe();

describe('schedules in Temporal', () => {
  test('follow their automations: made, paused with the reason, changed, deleted', async () => {
    const { name } = await automation(at, { schedule: '30 2 * * *', timezone: 'Europe/Berlin' });
    expect(await sync.round()).toBe(1);
    expect(await sync.round()).toBe(0);
    const made = await describeSchedule(name);
    const row = await at.service.find(name);
    expect(made.info.nextActionTimes[0]).toEqual(row.next_due_at);
    expect(made.state.paused).toBe(false);
    await at.service.pause(anna, name, 'we move');
    await sync.round();
    expect((await describeSchedule(name)).state).toMatchObject({
      paused: true,
      note: 'version 2, paused: we move',
    });
    await at.service.resume(anna, name);
    await at.service.update(anna, name, { schedule: '45 2 * * *' });
    await sync.round();
    const changed = await describeSchedule(name);
    expect(changed.info.nextActionTimes[0]).toEqual((await at.service.find(name)).next_due_at);
    const handle = engine.client.schedule.getHandle(scheduleIdOf(await at.service.find(name)));
    await at.service.delete(anna, name);
    await sync.round();
    await expect(handle.describe()).rejects.toThrow(ScheduleNotFoundError);
  });

  test('one that somebody deleted in Temporal comes back with the next change', async () => {
    const row = await automation(at, { schedule: '30 2 * * *' });
    await sync.round();
    await engine.client.schedule.getHandle(scheduleIdOf(row)).delete();
    await at.service.update(anna, row.name, { description: 'changed' });
    await sync.round();
    expect((await describeSchedule(row.name)).info.nextActionTimes).not.toEqual([]);
  });

  test('what a schedule starts accounts for the due times and starts the runs', async () => {
    const { id, name } = await automation(at);
    await sync.round();
    await lookedLast(at, id, 60);
    await engine.client.schedule.getHandle(scheduleIdOf(await at.service.find(name))).trigger();
    for (let left = 200; left > 0; left -= 1) {
      const [first] = await occurrencesOf(at, id);
      if (first?.execution_id) break;
      await sleep(100);
    }
    const [occurrence] = await occurrencesOf(at, id);
    expect(await engine.ended(occurrence!.execution_id!)).toMatchObject({ status: 'success' });
  });
});

describe('property', () => {
  test('what is compiled for the engine has exactly the times of the rule, as the engine tells them', async () => {
    const zones = [
      'Europe/Berlin',
      'America/New_York',
      'Australia/Lord_Howe',
      'America/Santiago',
      'Africa/Cairo',
    ];
    const namespace = 'default';
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...zones),
        fc.constantFrom(
          '30 2 * * *',
          '*/30 * * * *',
          '0 0 * * *',
          '15 */3 * * SUN',
          '5,35 1 1-7 * *',
        ),
        fc.integer({ min: 0, max: 4 * 365 }),
        async (zone, text, day) => {
          const from = Date.UTC(2026, 0, 1) + day * 86_400_000;
          const to = from + 12 * 86_400_000;
          const rule = { cron: parseCron(text), zone, gap: 'end', fold: 'first' } as const;
          const due = dueTimes(rule, from, to, 900);
          if (due.length === 0) return;
          const scheduleId = `property-${zone.replace('/', '-')}-${day}-${text.replace(/\W/g, '_')}`;
          const handle = await engine.client.schedule.create({
            scheduleId,
            spec: { calendars: utcCalendars(due) },
            action: {
              type: 'startWorkflow',
              workflowType: 'x',
              taskQueue: 'nobody',
              workflowId: 'x',
            },
            state: { paused: true },
          });
          const { startTime } = await engine.client.workflowService.listScheduleMatchingTimes({
            namespace,
            scheduleId,
            startTime: { seconds: from / 1_000 - 1 } as never,
            endTime: { seconds: to / 1_000 + 86_400 } as never,
          });
          await handle.delete();
          expect(startTime!.map(({ seconds }) => Number(seconds) * 1_000)).toEqual(
            due.map((time) => time.at),
          );
        },
      ),
      { numRuns: Number(process.env['ENGINE_RUNS'] ?? 25) },
    );
  });
});
