import type { Principal } from '../../../access/principal.js';
import { may } from '../../../access/rights.js';
import type { JsonObject } from '../../../contracts/json/json.js';
import type { ApprovalReader } from '../../../observation/readers/approval.reader.js';
import type { ApprovalRow } from '../../../platform/database/entities/runs/approval.row.js';

/** Number of approvals of one run that are told at a time. */
const MOST = 20;

/** The open approvals of a run, oldest first. */
export async function pendingApprovals(
  reader: ApprovalReader,
  executionId: string,
): Promise<ApprovalRow[]> {
  const query = { status: 'pending', kind: 'approval', executionId } as const;
  const { items } = await reader.page(query, { first: MOST });
  return items.map(({ node }) => node).reverse();
}

/**
 * True if the caller may approve, so that asking them makes sense. The service that takes the decision checks it again.
 */
export function mayApprove(row: ApprovalRow, starter: string, principal: Principal): boolean {
  const { actor, role } = principal;
  const isAsked = row.who.length === 0 || row.who.includes(actor) || row.who.includes(role);
  const isOwn = actor === starter;
  return may(principal, 'write:approvals') && isAsked && (!isOwn || row.self_approval);
}

/** An open approval, as an answer tells it. */
export const approvalFacts = ({
  id,
  step,
  description,
  who,
  shows,
  expires_at,
}: ApprovalRow): JsonObject => ({
  approval_id: id,
  step,
  description,
  who,
  ...(shows !== null && { shows }),
  expires_at: expires_at?.toISOString() ?? null,
});

/** The key of an approval among the questions of a task. It names what is asked, so that an answer to something else is none. */
export const questionKey = ({ id, hash }: { id: string; hash?: string | null }): string =>
  hash == null ? id : `${id}.${hash.slice(0, 16)}`;
