import type { EntityManager } from 'typeorm';
import type { OccurrenceStatus } from '../../contracts/run/automation.js';
import type { JsonObject } from '../../contracts/json/json.js';
import type { AutomationRow } from '../../platform/database/entities/automations/automation.row.js';
import type { Calendar } from '../schedule/calendar.js';
import type { Situation, Verdict } from './decide.js';
import { jitterMs } from './jitter.js';

/** An occurrence to be written. */
export interface NewOccurrence {
  key: string;
  due: number;
  verdict: Verdict;
  note?: string | undefined;
  actor?: string | undefined;
  trigger: JsonObject;
  chain: string[];
}

/** Statuses of occurrences that have a run, or get one. */
export const WITH_RUN: readonly OccurrenceStatus[] = ['fired', 'late', 'backfilled', 'manual'];

const LOCKED = 'SELECT * FROM automations WHERE id = $1 AND deleted_at IS NULL FOR UPDATE';
const OPEN = `SELECT o.execution_id, o.status FROM automation_occurrences o
  LEFT JOIN directive_executions e ON e.id = o.execution_id
  WHERE o.automation_id = $1 AND o.ended_at IS NULL AND e.completed_at IS NULL ORDER BY o.id`;
const INSERT = `INSERT INTO automation_occurrences
    (automation_id, key, due_at, status, cause, note, actor, trigger, chain, start_at, ended_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, CASE WHEN $11 THEN now() END)
  ON CONFLICT (automation_id, key) DO NOTHING RETURNING id`;

/** The row of an automation, which no other transaction changes before this one ends; undefined when there is none. */
export async function lockAutomation(
  manager: EntityManager,
  id: string,
): Promise<AutomationRow | undefined> {
  const [row] = await manager.query<AutomationRow[]>(LOCKED, [id]);
  return row;
}

/** What decisions about an automation depend on. */
export async function situationOf(
  manager: EntityManager,
  { id, spec, enabled, pause_note }: AutomationRow,
): Promise<Situation> {
  const open = await manager.query<{ execution_id: string | null; status: string }[]>(OPEN, [id]);
  const [stop] = await manager.query<{ actor: string; reason: string }[]>(
    'SELECT actor, reason FROM automation_stops',
  );
  const calendars = await manager.query<Calendar[]>(
    'SELECT name, dates FROM calendars WHERE name = ANY($1)',
    [spec.except],
  );
  const [{ now }] = (await manager.query<{ now: Date }[]>('SELECT clock_timestamp() AS now')) as [
    { now: Date },
  ];
  const [running] = open.filter(({ status }) => status !== 'queued');
  return {
    spec,
    enabled,
    pauseNote: pause_note,
    stop,
    calendars,
    open: running && (running.execution_id ?? 'that is about to begin'),
    queued: open.length - open.filter(({ status }) => status !== 'queued').length,
    now: now.getTime(),
  };
}

/** Writes an occurrence; false when there is one with this key. */
export async function addOccurrence(
  manager: EntityManager,
  { id, spec }: AutomationRow,
  { key, due, verdict, note, actor, trigger, chain }: NewOccurrence,
): Promise<boolean> {
  const { status, cause } = verdict;
  const starts = WITH_RUN.includes(status);
  const delay =
    status === 'fired' || status === 'late' ? jitterMs(`${id}:${key}`, spec.jitter_seconds) : 0;
  const rows = await manager.query<unknown[]>(INSERT, [
    id,
    key,
    new Date(due),
    status,
    cause ?? null,
    note ?? null,
    actor ?? null,
    JSON.stringify(trigger),
    JSON.stringify(chain),
    new Date(due + delay),
    !starts && status !== 'queued',
  ]);
  return rows.length > 0;
}

/** A situation after an occurrence was decided upon in it. */
export const afterwards = (situation: Situation, { status }: Verdict): Situation => ({
  ...situation,
  open: WITH_RUN.includes(status) ? (situation.open ?? 'that is about to begin') : situation.open,
  queued: situation.queued + (status === 'queued' ? 1 : 0),
});
