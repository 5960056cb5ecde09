import { Temporal } from 'temporal-polyfill';
import type { DataSource } from 'typeorm';
import type { AutomationSpec } from '../contracts/run/automation.js';
import { MissionError } from '../contracts/errors.js';
import { type Page, type PageRequest, readPage } from '../observation/readers/page.js';
import type { OccurrenceRow } from '../platform/database/entities/automations/occurrence.row.js';
import { type Calendar, excluding } from './schedule/calendar.js';
import type { ClockNote } from './schedule/due-rule.js';
import { dueRuleOf } from './schedule/due-rule-of.js';
import { nextDueTimes } from './schedule/due-times.js';

const MOST_TIMES = 1_000;
const OCCURRENCES = {
  table: 'automation_occurrences',
  keys: [
    { column: 'due_at', type: 'timestamptz' },
    { column: 'id', type: 'bigint' },
  ],
};

/** A time to come. */
export interface NextTime {
  at: Date;
  /** What a clock of the zone shows, such as `2026-03-29 03:00 +02:00`. */
  local: string;
  note: ClockNote | null;
  /** The calendar because of which it will be skipped. */
  excluded_by: string | null;
}

/** Reads what became of automations, and what is to come. */
export class AutomationReader {
  constructor(private readonly dataSource: DataSource) {}

  /** The occurrences of an automation, newest first. `status`: only those. */
  occurrences(
    automation: string,
    status: string | null,
    request: PageRequest,
  ): Promise<Page<OccurrenceRow>> {
    const conditions: [string, unknown][] = [['automation_id = ?', automation]];
    if (status !== null) conditions.push(['status = ?', status]);
    return readPage(this.dataSource, OCCURRENCES, conditions, request);
  }

  /** The next times of a definition after `after`; none for one without a schedule. */
  async nextTimes(spec: AutomationSpec, count: number, after = new Date()): Promise<NextTime[]> {
    const rule = dueRuleOf(spec);
    if (!rule) return [];
    if (!Number.isInteger(count) || count < 1 || count > MOST_TIMES)
      throw new MissionError('input_invalid', `count must be 1 to ${MOST_TIMES}.`);
    const calendars = await this.dataSource.query<Calendar[]>(
      'SELECT name, dates FROM calendars WHERE name = ANY($1)',
      [spec.except],
    );
    return nextDueTimes(rule, after.getTime(), count).map(({ at, note }) => ({
      at: new Date(at),
      local: clockOf(at, rule.zone),
      note: note ?? null,
      excluded_by: excluding(calendars, rule.zone, at) ?? null,
    }));
  }
}

function clockOf(at: number, zone: string): string {
  const clock = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
  const time = clock.toPlainDateTime().toString({ smallestUnit: 'minute' }).replace('T', ' ');
  return `${time} ${clock.offset}`;
}
