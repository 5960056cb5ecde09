import type { DataSource } from 'typeorm';
import type { AuditRow } from '../../platform/database/entities/observation/audit.row.js';
import { readPage, type Conditions, type Page, type PageRequest } from './page.js';

const SOURCE = { table: 'audit_events', keys: [{ column: 'id', type: 'bigint' }] };

export class AuditReader {
  constructor(private readonly dataSource: DataSource) {}

  /** A page of the audit log, newest first. */
  page(
    query: { target?: string | null; actor?: string | null; action?: string | null },
    request: PageRequest,
  ): Promise<Page<AuditRow>> {
    const conditions: Conditions = (['target', 'actor', 'action'] as const)
      .filter((key) => query[key])
      .map((key) => [`${key} = ?`, query[key]]);
    return readPage(this.dataSource, SOURCE, conditions, request);
  }
}
