import type { DataSource } from 'typeorm';
import type { ApprovalStatus, RequestKind } from '../../contracts/run/approval.js';
import type { ApprovalRow } from '../../platform/database/entities/runs/approval.row.js';
import { readPage, type Conditions, type Page, type PageRequest } from './page.js';

const SOURCE = {
  table: 'approvals',
  keys: [
    { column: 'requested_at', type: 'timestamptz' },
    { column: 'id', type: 'uuid' },
  ],
};

/** A filter of approvals: all given conditions must hold. */
export interface ApprovalQuery {
  status?: ApprovalStatus | null;
  kind?: RequestKind | null;
  executionId?: string | null;
  /** The beginning of an approval's id. */
  idPrefix?: string | null;
}

export class ApprovalReader {
  constructor(private readonly dataSource: DataSource) {}

  /** A page of approvals, newest first. */
  page(query: ApprovalQuery, request: PageRequest): Promise<Page<ApprovalRow>> {
    const conditions: Conditions = [];
    if (query.status) conditions.push(['status = ?', query.status]);
    if (query.kind) conditions.push(['kind = ?', query.kind]);
    if (query.executionId) conditions.push(['run_id = ?', query.executionId]);
    if (query.idPrefix) conditions.push(['starts_with(id::text, ?)', query.idPrefix]);
    return readPage(this.dataSource, SOURCE, conditions, request);
  }
}
