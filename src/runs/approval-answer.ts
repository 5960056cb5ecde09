import type { ApprovalAnswer } from '../contracts/run/approval.js';
import type { JsonObject } from '../contracts/json/json.js';
import type { ApprovalRow } from '../platform/database/entities/runs/approval.row.js';

export type Decided = Pick<ApprovalRow, 'status' | 'decided_by' | 'comment' | 'answers' | 'hash'>;

/** The answer that a decided approval gives to the step that asked for it. */
export const answerOf = ({
  status,
  decided_by,
  comment,
  answers,
  hash,
}: Decided): ApprovalAnswer => ({
  status: status as ApprovalAnswer['status'],
  by: decided_by,
  comment,
  form: (answers ?? {}) as JsonObject,
  hash,
});
