import type { DataSource } from 'typeorm';
import type { LogLevel } from '../../contracts/script.js';
import type { LogRow } from '../../platform/database/entities/observation/log.row.js';
import { readPage, type Conditions, type Page, type PageRequest } from './page.js';

const LEVELS: LogLevel[] = ['debug', 'info', 'warn', 'error'];

const SOURCE = {
  table: 'log_entries',
  keys: [
    { column: 'at', type: 'timestamptz' },
    // Many lines have the same time, so the serial orders them.
    { column: 'seq', type: 'bigint' },
  ],
};

/** The given level and all more severe ones. */
export const levelsFrom = (level: LogLevel): LogLevel[] => LEVELS.slice(LEVELS.indexOf(level));

/** A filter of log lines: all given conditions must hold. */
export interface LogQuery {
  executionId?: string | null;
  stepPath?: string | null;
  /** This level and all more severe ones. */
  level?: LogLevel | null;
}

export class LogReader {
  constructor(private readonly dataSource: DataSource) {}

  /** A page of log lines, newest first. */
  page(query: LogQuery, request: PageRequest): Promise<Page<LogRow>> {
    const conditions: Conditions = [];
    if (query.executionId) conditions.push(['run_id = ?', query.executionId]);
    if (query.stepPath) conditions.push(['step_path = ?', query.stepPath]);
    if (query.level) conditions.push(['level = ANY(?)', levelsFrom(query.level)]);
    return readPage(this.dataSource, SOURCE, conditions, request);
  }
}
