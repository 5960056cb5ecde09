import { describe, expect, test } from '@jest/globals';
import { parseCron } from '../../../src/automations/schedule/parse-cron.js';

describe('a cron expression', () => {
  test('has five fields with lists, ranges, steps and names', () => {
    expect(parseCron('0,30 9-17/4 1 JAN-MAR *')).toEqual({
      minutes: [0, 30],
      hours: [9, 13, 17],
      days: [1],
      months: [1, 2, 3],
      weekdays: [0, 1, 2, 3, 4, 5, 6],
      everyHour: false,
    });
    expect(parseCron('5 * * * sun,7')).toMatchObject({ weekdays: [0], everyHour: true });
    expect(parseCron('@Daily')).toMatchObject({ minutes: [0], hours: [0] });
  });

  test.each([
    ['* * * *', 'has 4 fields instead of five'],
    ['*/10 * * * * *', 'seconds and years are not part of it'],
    ['60 * * * *', 'it takes 0 to 59'],
    ['* 22-2 * * *', 'write 22-23,0-2'],
    ['5/10 * * * *', 'write 5-59/N'],
    ['*/0 * * * *', 'a step is 1 to 59'],
    ['*/5/5 * * * *', 'at most one "/"'],
    ['1-2-3 * * * *', 'two ends'],
    ['* * L * *', 'write 28-31'],
    ['* * 15W * *', 'MON-FRI'],
    ['* * * * 5#2', '"8-14"'],
    ['* * * * 5L', 'write 28-31'],
    ['* * ? * *', 'write * instead of ?'],
    ['* * * * FRY', '0 to 7, or SUN to SAT'],
    ['0 0 30 2 *', 'never comes'],
    ['0 0 13 * 5', 'days: both'],
    ['', 'instead of five'],
    ['@sometimes', 'has 1 fields'],
  ])('%s is refused', (text, words) => {
    expect(() => parseCron(text)).toThrow(words);
  });

  test('both day fields with a rule', () => {
    expect(parseCron('0 0 13 * 5', 'either')).toMatchObject({ dayRule: 'either' });
    expect(parseCron('0 0 30 2 5', 'either')).toMatchObject({ months: [2] });
    expect(() => parseCron('0 0 30 2 5', 'both')).toThrow('never comes');
  });
});
