import { expect, test } from '@jest/globals';
import { FIELDS, valuesOf } from '../../../src/automations/schedule/cron-field.js';

const [minute, hour, , month, weekday] = FIELDS;

test('values, lists, ranges, steps and names', () => {
  expect(valuesOf('5', minute)).toEqual([5]);
  expect(valuesOf('50,10-12,10', minute)).toEqual([10, 11, 12, 50]);
  expect(valuesOf('*/6', hour)).toEqual([0, 6, 12, 18]);
  expect(valuesOf('8-17/3', hour)).toEqual([8, 11, 14, 17]);
  expect(valuesOf('feb,NOV-dec', month)).toEqual([2, 11, 12]);
  expect(valuesOf('FRI-7', weekday)).toEqual([0, 5, 6]);
  expect(valuesOf('*', weekday)).toEqual([0, 1, 2, 3, 4, 5, 6]);
});

test.each(['', '1,', '-1', '1-', '*-5', '1.5', '0x1', '1/2/3', 'a', '999'])(
  '%j is refused',
  (text) => {
    expect(() => valuesOf(text, minute)).toThrow('The minute of the schedule cannot be');
  },
);
