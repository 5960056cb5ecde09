import type { NextTime } from '../../../automations/automation-reader.js';
import type { AutomationRow } from '../../../platform/database/entities/automations/automation.row.js';
import type { OccurrenceRow } from '../../../platform/database/entities/automations/occurrence.row.js';

/** The JSON of an automation: its definition, and how it stands. */
export const toAutomationJson = (row: AutomationRow) => ({
  id: row.id,
  ...row.spec,
  enabled: row.enabled,
  pause_note: row.pause_note,
  paused_by: row.paused_by,
  source: row.source,
  owner: row.owner,
  failures: row.failures,
  next_due_at: row.enabled ? row.next_due_at : null,
  last_executed_at: row.last_executed_at,
  last_success_at: row.last_success_at,
  created_at: row.created_at,
  updated_at: row.updated_at,
});

export const toOccurrenceJson = (row: OccurrenceRow) => ({
  id: row.id,
  due_at: row.due_at,
  fired_at: row.fired_at,
  status: row.status,
  cause: row.cause,
  note: row.note,
  actor: row.actor,
  execution_id: row.execution_id,
  outcome: row.outcome,
});

export const toNextTimeJson = ({ at, local, note, excluded_by }: NextTime) => ({
  due_at: at,
  local_time: local,
  note,
  excluded_by,
});
