import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { syncCalendars } from '../../../src/automations/definition/sync-calendars.js';
import { openTestDatabase, type TestDatabase } from '../../support/stack.js';

let database: TestDatabase;
beforeAll(async () => void (database = await openTestDatabase()), 120_000);
afterAll(() => database?.close());

const names = async () =>
  (await database.source.query('SELECT name FROM calendars ORDER BY name')).map(
    ({ name }: { name: string }) => name,
  );
const sync = (...texts: string[]) =>
  syncCalendars(database.source, {
    files: texts.map((text, index) => ({ file: `/p/${index}.yaml`, text })),
    problems: [],
  });

test('calendars follow their files, and no day is lost to a broken one', async () => {
  const holidays = 'name: holidays\ndates: ["2026-12-25", "2026-12-31/2027-01-02"]\n';
  const freeze = 'name: freeze\ndescription: Sale\ndates: ["2026-11-27T18:00/2026-11-30T08:00"]\n';
  expect(await sync(holidays, freeze)).toEqual([]);
  expect(await names()).toEqual(['freeze', 'holidays']);
  const faults = await sync(holidays, 'name: freeze\ndates: ["2026-11-31"]\n');
  expect(faults).toEqual([
    expect.stringContaining('/p/1.yaml:2: dates.0: "2026-11-31" is not a day'),
  ]);
  expect(await names()).toEqual(['freeze', 'holidays']);
  await sync(holidays);
  expect(await names()).toEqual(['holidays']);
});
