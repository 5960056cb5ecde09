import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { MissionError } from '../../contracts/errors.js';
import type { Files } from '../../platform/files/file-tree.js';
import { readYaml } from '../../platform/files/read-yaml.js';
import { checkCalendarDate } from '../schedule/calendar.js';

const PAGE = 'docs/automations.md';
const MAX_DATES = 5_000;

interface CalendarFile {
  name: string;
  description: string;
  dates: string[];
}

const date = z
  .string('must be a day in quotes, such as "2026-12-25"')
  .superRefine((text, context) => {
    try {
      checkCalendarDate(text);
    } catch (error) {
      context.addIssue({ code: 'custom', message: (error as MissionError).message });
    }
  });

/** The schema of a file in `.ai/calendars`. */
export const calendarSchema: z.ZodType<CalendarFile> = z.strictObject({
  name: z
    .string('must be a text')
    .regex(/^[a-z][a-z0-9_]{0,99}$/, 'must be lower-case letters, digits and "_"'),
  description: z.string('must be a text').default(''),
  dates: z.array(date, 'must be a list').max(MAX_DATES, `must have at most ${MAX_DATES} entries`),
}) as unknown as z.ZodType<CalendarFile>;

const UPSERT = `INSERT INTO calendars (name, description, dates, source) VALUES ($1, $2, $3, 'project')
  ON CONFLICT (name) DO UPDATE SET description = EXCLUDED.description, dates = EXCLUDED.dates, updated_at = now()
  WHERE calendars.dates::text <> EXCLUDED.dates::text OR calendars.description <> EXCLUDED.description`;
const FORGET = `DELETE FROM calendars WHERE source = 'project' AND NOT name = ANY($1)`;

/** Makes the calendars of the project's files those of the database. Returns what is left out, and why. */
export async function syncCalendars(
  dataSource: DataSource,
  { files, problems }: Files,
): Promise<string[]> {
  const faults = problems.map(({ file, message }) => `${file}: ${message}`);
  const names: string[] = [];
  for (const { file, text } of files) {
    const read = readYaml<CalendarFile>(text, calendarSchema, PAGE);
    for (const { line, message, hint } of read.faults)
      faults.push(`${file}:${line}: ${message}. ${hint}`);
    if (!read.value) continue;
    const { name, description, dates } = read.value;
    names.push(name);
    await dataSource.query(UPSERT, [name, description, JSON.stringify(dates)]);
  }
  // A file that cannot be read at the moment must not open its days.
  if (faults.length === 0) await dataSource.query(FORGET, [names]);
  return faults;
}
