import type { DataSource } from 'typeorm';
import type { ApprovalStatus } from '../../contracts/run/approval.js';
import type { ApprovalRow } from '../../platform/database/entities/runs/approval.row.js';
import { readPage, type Conditions, type Page, type PageRequest } from './page.js';

const SOURCE = {
  table: 'approvals',
  keys: [
    { column: 'requested_at', type: 'timestamptz' },
    { column: 'id', type: 'uuid' },
  ],
};

/** Everything that is given must hold. */
export interface ApprovalQuery {
  status?: ApprovalStatus | null;
  executionId?: string | null;
  /** What their ids begin with. */
  idPrefix?: string | null;
}

/** Reads what runs ask people. */
export class ApprovalReader {
  constructor(private readonly dataSource: DataSource) {}

  /** Newest first. */
  page(query: ApprovalQuery, request: PageRequest): Promise<Page<ApprovalRow>> {
    const conditions: Conditions = [];
    if (query.status) conditions.push(['status = ?', query.status]);
    if (query.executionId) conditions.push(['run_id = ?', query.executionId]);
    if (query.idPrefix) conditions.push(['starts_with(id::text, ?)', query.idPrefix]);
    return readPage(this.dataSource, SOURCE, conditions, request);
  }
}
