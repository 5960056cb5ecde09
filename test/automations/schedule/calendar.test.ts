import { expect, test } from '@jest/globals';
import { checkCalendarDate, excluding } from '../../../src/automations/schedule/calendar.js';

const at = (time: string, dates: string[], zone = 'UTC') =>
  excluding([{ name: 'c', dates }], zone, Date.parse(time)) !== undefined;

test.each([
  ['2026-12-25T00:00Z', '2026-12-25', true],
  ['2026-12-25T23:59Z', '2026-12-25', true],
  ['2026-12-26T00:00Z', '2026-12-25', false],
  ['2026-12-26T23:00Z', '2026-12-24/2026-12-26', true],
  ['2026-12-27T00:00Z', '2026-12-24/2026-12-26', false],
  ['2026-12-24T11:59Z', '2026-12-24T12:00/2026-12-27T08:00', false],
  ['2026-12-24T12:00Z', '2026-12-24T12:00/2026-12-27T08:00', true],
  ['2026-12-27T08:00Z', '2026-12-24T12:00/2026-12-27T08:00', false],
])('%s is in %s: %s', (time, date, inside) => {
  expect(at(time, [date])).toBe(inside);
});

test('days are those of the zone', () => {
  expect(at('2026-12-24T22:59Z', ['2026-12-25'], 'Europe/Berlin')).toBe(false);
  expect(at('2026-12-24T23:00Z', ['2026-12-25'], 'Europe/Berlin')).toBe(true);
});

test.each([
  '2026-13-01',
  '2026-02-29',
  'christmas',
  '2026-12-26/2026-12-24',
  '2026-12-25T25:00',
  'a/b/c',
  '',
])('%s is refused', (text) =>
  expect(() => checkCalendarDate(text)).toThrow('is not a day of a calendar'),
);
