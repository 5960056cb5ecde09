import { describe, expect, test } from '@jest/globals';
import { decide, type Situation } from '../../../src/automations/firing/decide.js';
import { readSpec } from '../../../src/automations/definition/read-spec.js';
import type { JsonObject } from '../../../src/contracts/json/json.js';

const DUE = Date.parse('2026-12-24T12:00:00Z');

const situation = (keys: JsonObject = {}, more: Partial<Situation> = {}): Situation => ({
  spec: readSpec({
    name: 'a',
    directive_name: 'report',
    trigger_type: 'schedule',
    schedule: '0 12 * * *',
    ...keys,
  }),
  enabled: true,
  pauseNote: null,
  stop: undefined,
  calendars: [],
  open: undefined,
  queued: 0,
  now: DUE + 1_000,
  ...more,
});

const verdict = (...args: Parameters<typeof situation>) => decide(DUE, situation(...args));

describe('what becomes of an occurrence', () => {
  test('in time it fires, later it is late, much later it is missed', () => {
    expect(verdict()).toEqual({ status: 'fired' });
    expect(verdict({}, { now: DUE + 40_000 })).toEqual({
      status: 'late',
      cause: 'it was noticed 40 s after it was due',
    });
    expect(verdict({}, { now: DUE + 3_600_000 })).toEqual({
      status: 'missed',
      cause: 'nothing looked at it for 60 minutes after it was due, more than catch_up_seconds: 60',
    });
    expect(verdict({ catch_up_seconds: 7_200 }, { now: DUE + 3_600_000 }).status).toBe('late');
    expect(verdict({ jitter_seconds: 100 }, { now: DUE + 110_000 }).status).toBe('fired');
  });

  test('while it is paused it is dropped or waits; a stop of everything comes first', () => {
    const paused = { enabled: false, pauseNote: 'we move' };
    expect(verdict({}, paused)).toEqual({
      status: 'skipped_pause',
      cause: 'the automation is paused: we move',
    });
    expect(verdict({ while_paused: 'queue' }, paused).status).toBe('queued');
    const stop = { actor: 'bob', reason: 'the disk is full' };
    expect(verdict({}, { ...paused, stop }).cause).toBe(
      'bob stopped all automation: the disk is full',
    );
  });

  test('a calendar excludes days in the zone of the automation', () => {
    const calendars = [{ name: 'holidays', dates: ['2026-12-24/2026-12-26'] }];
    expect(verdict({}, { calendars })).toEqual({
      status: 'skipped_calendar',
      cause: 'the calendar holidays excludes this time',
    });
    const day = [{ name: 'eve', dates: ['2026-12-24'] }];
    expect(verdict({ timezone: 'Pacific/Auckland' }, { calendars: day }).status).toBe('fired');
  });

  test.each([
    ['skip', 0, 'skipped_overlap'],
    ['buffer_one', 0, 'queued'],
    ['buffer_one', 1, 'skipped_overlap'],
    ['buffer_all', 7, 'queued'],
    ['cancel_other', 0, 'fired'],
    ['terminate_other', 0, 'fired'],
    ['allow_all', 0, 'fired'],
  ])('beside an open run: %s with %i that wait is %s', (overlap, queued, status) => {
    expect(verdict({ overlap }, { open: 'run-1', queued }).status).toBe(status);
  });
});
