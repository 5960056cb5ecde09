import type { DataSource } from 'typeorm';
import type { AlertRow } from '../../platform/database/entities/observation/alert.row.js';
import { readPage, type Conditions, type Page, type PageRequest } from './page.js';

const SOURCE = {
  table: 'alerts',
  keys: [
    { column: 'created_at', type: 'timestamptz' },
    { column: 'id', type: 'uuid' },
  ],
};

export class AlertReader {
  constructor(private readonly dataSource: DataSource) {}

  /** A page of alerts, newest first. */
  page(
    query: { status?: AlertRow['status'] | null; executionId?: string | null },
    request: PageRequest,
  ): Promise<Page<AlertRow>> {
    const conditions: Conditions = [];
    if (query.status) conditions.push(['status = ?', query.status]);
    if (query.executionId) conditions.push(['run_id = ?', query.executionId]);
    return readPage(this.dataSource, SOURCE, conditions, request);
  }
}
