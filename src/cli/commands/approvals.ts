import { CliError, EXIT } from '../terminal/cli-error.js';
import type { Handler } from '../client/command-spec.js';
import { DOCUMENTS } from '../client/documents.js';
import { readObject } from '../terminal/inputs.js';
import { readCount } from '../terminal/read-count.js';
import { askedText, renderApproval } from '../render/approval.js';
import { table } from '../render/table.js';
import type { Session } from '../client/session.js';
import type { ApprovalView } from '../client/views.js';

const HEAD = ['ID', 'KIND', 'STATUS', 'STEP', 'WHO', 'EXPIRES', 'ASKS'];

/** `mission approvals list`: open approvals and requests for help, or all of them with `--all`. */
export const listApprovals: Handler = async (session, _args, { all, execution, limit }) => {
  const api = await session.api();
  const first = Math.min(100, readCount('--limit', limit, 20));
  const { approvals } = await api.graphql<{ approvals: { nodes: ApprovalView[] } }>(
    DOCUMENTS.approvals,
    {
      status: all ? null : 'pending',
      executionId: typeof execution === 'string' ? execution : null,
      first,
    },
  );
  const found = approvals.nodes;
  if (session.json) found.forEach((each) => session.result(each, String));
  else if (found.length > 0)
    session.result(found, () => table(HEAD, found.map(row), session.columns));
  else session.note(all ? 'no approvals' : 'no open approvals');
  return EXIT.done;
};

const row = ({ id, kind, status, step, who, expiresAt, description }: ApprovalView): string[] => [
  id,
  kind.toLowerCase(),
  status,
  step,
  askedText({ who }),
  expiresAt ?? '',
  description,
];

/** `mission approvals show ID`. */
export const showApproval: Handler = async (session, [id]) => {
  const approval = await find(session, id!);
  session.result(approval, () => renderApproval(session, approval));
  return EXIT.done;
};

/** `mission approvals approve ID`. */
export const approve: Handler = (session, [id], options) =>
  resolve(session, id!, 'APPROVED', options);

/** `mission approvals deny ID`. */
export const deny: Handler = (session, [id], options) => resolve(session, id!, 'DENIED', options);

/** `mission approvals answer ID TEXT`. */
export const answer: Handler = async (session, [id, text]) => {
  const api = await session.api();
  const { answerRequest: answered } = await api.graphql<{ answerRequest: ApprovalView }>(
    DOCUMENTS.answerRequest,
    { id: id!, text: text! },
  );
  session.result(answered, () => outcomeText(answered));
  return EXIT.done;
};

/** Sends a decision on what was shown, and on nothing else. */
async function resolve(
  session: Session,
  id: string,
  decision: 'APPROVED' | 'DENIED',
  { comment, form, hash: wanted }: Record<string, unknown>,
) {
  const approval = await find(session, id);
  if (decision === 'APPROVED' && !session.json) session.note(renderApproval(session, approval));
  const api = await session.api();
  const { resolveApproval: answered } = await api.graphql<{ resolveApproval: ApprovalView }>(
    DOCUMENTS.resolveApproval,
    {
      id,
      decision,
      comment: typeof comment === 'string' ? comment : null,
      form: typeof form === 'string' ? readObject('--form', form) : null,
      hash: hashOf(approval, wanted),
    },
  );
  session.result(answered, () => outcomeText(answered));
  return EXIT.done;
}

async function find(session: Session, id: string): Promise<ApprovalView> {
  const api = await session.api();
  const { approvals } = await api.graphql<{ approvals: { nodes: ApprovalView[] } }>(
    DOCUMENTS.approval,
    { idPrefix: id },
  );
  const [approval] = approvals.nodes;
  if (approval) return approval;
  throw new CliError(EXIT.failed, 'not_found', `There is no approval ${id}.`);
}

/** The hash to decide on: the given one, or that of the approval as it was shown. */
function hashOf({ hash }: ApprovalView, wanted: unknown): string | null {
  const isOther = typeof wanted === 'string' && !hash?.startsWith(wanted);
  return isOther ? wanted : hash;
}

const outcomeText = ({ step, status, votes, quorum }: ApprovalView): string =>
  status === 'pending' ? `${step}: ${votes.length} of ${quorum} approvals` : `${step} is ${status}`;
