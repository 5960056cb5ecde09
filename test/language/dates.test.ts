import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { JsonObject } from '../../src/contracts/json/json.js';
import { evaluate } from '../../src/language/expression/evaluate.js';
import { scopeOf } from './scope.js';

const ZONES = [
  ...['UTC', 'Europe/Berlin', 'America/New_York', 'America/St_Johns', 'Asia/Kolkata'],
  ...['Australia/Lord_Howe', 'Pacific/Auckland', 'Pacific/Apia'],
];
const moment = fc
  .integer({ min: Date.UTC(1975, 0, 1), max: Date.UTC(2035, 0, 1) })
  .map((time) => new Date(time).toISOString());
const zone = fc.constantFrom(...ZONES);

const ask = (expression: string, names: JsonObject) => evaluate(expression, scopeOf(names));

describe('dates', () => {
  it('are read again as they are written, in every zone', () => {
    const text = 'format_date(x, "YYYY-MM-DDTHH:mm:ss.SSSZ", zone)';
    fc.assert(
      fc.property(moment, zone, (x, zone) => {
        expect(ask(`date(${text})`, { x, zone })).toBe(x);
      }),
    );
  });

  it('keep the clock of their zone when days, months or years are added', () => {
    const clock = (at: string) => `format_date(${at}, "DD HH:mm:ss.SSS", zone)`;
    const property = fc.property(moment, zone, fc.integer({ min: -40, max: 40 }), (x, zone, n) => {
      const names = { x, zone, n };
      const [day] = String(ask(clock('x'), names)).split(' ');
      fc.pre(Number(day) <= 28);
      const [before, after] = [
        ask(clock('x'), names),
        ask(clock('date_add(x, n, "months", zone)'), names),
      ];
      const kept = before === after;
      // A time that clocks leap over is later by as much; Apia left a whole day out.
      const leapt = ask('date_add(date_add(x, n, "months", zone), -1, "day", zone)', names);
      if (!kept)
        expect(ask('format_date(x, "Z", zone)', { x: leapt, zone })).not.toBe(
          ask('format_date(date_add(x, n, "months", zone), "Z", zone)', names),
        );
      if (kept)
        expect(ask('date_diff(date_add(x, n, "months", zone), x, "months", zone)', names)).toBe(n);
    });
    fc.assert(property, { numRuns: 500 });
  });

  it('have the ISO week that contains their Thursday', () => {
    fc.assert(
      fc.property(moment, (x) => {
        const week = String(ask('format_date(x, "GGGG W E")', { x })).split(' ').map(Number);
        const [year, number, weekday] = week as [number, number, number];
        const thursday = new Date(Date.parse(x) + (4 - weekday) * 86_400_000);
        const first = Date.UTC(thursday.getUTCFullYear(), 0, 1);
        expect(year).toBe(thursday.getUTCFullYear());
        expect(number).toBe(Math.floor((thursday.getTime() - first) / (7 * 86_400_000)) + 1);
        expect(weekday).toBe(new Date(x).getUTCDay() || 7);
      }),
    );
  });

  it('that are refused have a reason, and those that are taken can be read again', () => {
    const value = fc.oneof(
      fc.double({ noNaN: true }),
      fc.integer(),
      fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    );
    fc.assert(
      fc.property(value, (x) => {
        const read = (names: JsonObject) => {
          try {
            return ask('date(x)', names);
          } catch (thrown) {
            expect(thrown).toMatchObject({ message: expect.stringContaining('is not a date') });
            return undefined;
          }
        };
        const date = read({ x });
        if (date !== undefined) expect(read({ x: date })).toBe(date);
      }),
    );
  });
});
