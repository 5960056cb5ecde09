import { plainText } from '../../platform/database/sql/plain-text.js';
import type { JournalRow } from './journal-row.js';

/**
 * Turns rows into records for `json_to_recordset`, with times as ISO 8601 texts. One statement cannot write the same row
 * twice, so of several rows of one place only the one remains that separate statements would have left.
 */
export function toRecords(rows: JournalRow[]) {
  const last = new Map<string, JournalRow>();
  for (const row of rows) {
    const key = `${row.path}#${row.iteration}`;
    const known = last.get(key);
    if (!known || (known.status === 'error' && known.attempt < row.attempt)) last.set(key, row);
  }
  return [...last.values()].map(toRecord);
}

function toRecord({ started_ms, completed_ms, vital: _, ...row }: JournalRow) {
  return {
    ...row,
    inputs: toText(row.inputs),
    result: toText(row.result),
    error: toText(row.error),
    undo: toText(row.undo),
    path: plainText(row.path),
    started_at: new Date(started_ms).toISOString(),
    completed_at: completed_ms === undefined ? null : new Date(completed_ms).toISOString(),
    duration_ms: completed_ms === undefined ? null : completed_ms - started_ms,
  };
}

const toText = (value: unknown): string | null =>
  value === undefined ? null : JSON.stringify(value);
