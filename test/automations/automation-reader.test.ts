import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readSpec } from '../../src/automations/definition/read-spec.js';
import { anna, automation, type AutomationProject, automationProject } from './support.js';

let at: AutomationProject;
beforeAll(async () => void (at = await automationProject()), 120_000);
afterAll(() => at?.close());

test('the next times are told in local time, with the changes of clocks and the calendars', async () => {
  await at.dataSource.query(
    `INSERT INTO calendars (name, dates, source) VALUES ('easter', '["2026-03-30"]', 'project')`,
  );
  const spec = readSpec({
    name: 'a',
    directive_name: 'report',
    trigger_type: 'schedule',
    schedule: '30 2 * * *',
    timezone: 'Europe/Berlin',
    except: ['easter'],
  });
  const times = await at.reader.nextTimes(spec, 3, new Date('2026-03-28T12:00:00Z'));
  expect(times.map(({ local, note, excluded_by }) => [local, note, excluded_by])).toEqual([
    ['2026-03-29 03:00 +02:00', 'gap', null],
    ['2026-03-30 02:30 +02:00', null, 'easter'],
    ['2026-03-31 02:30 +02:00', null, null],
  ]);
  await expect(at.reader.nextTimes(spec, 0)).rejects.toThrow('count must be 1 to 1000');
});

test('occurrences come newest first, in pages', async () => {
  const { id, name } = await automation(at, { overlap: 'allow_all' });
  for (let run = 0; run < 3; run += 1) await at.service.run(anna, name);
  const first = await at.reader.occurrences(id, null, { first: 2 });
  expect(first.items).toHaveLength(2);
  expect(first.hasNextPage).toBe(true);
  const rest = await at.reader.occurrences(id, null, { first: 2, after: first.items[1]!.cursor });
  expect(rest.items).toHaveLength(1);
  expect(rest.items[0]!.node.due_at <= first.items[1]!.node.due_at).toBe(true);
  expect((await at.reader.occurrences(id, 'missed', {})).items).toEqual([]);
});
