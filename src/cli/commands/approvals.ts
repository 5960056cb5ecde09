import type { Json } from '../../contracts/json/json.js';
import { EXIT } from '../terminal/cli-error.js';
import type { Handler } from '../client/command-spec.js';
import { DOCUMENTS } from '../client/documents.js';
import { readObject } from '../terminal/inputs.js';
import { readCount } from '../terminal/read-count.js';
import { table } from '../render/table.js';
import type { Session } from '../client/session.js';
import type { ApprovalView } from '../client/views.js';

const HEAD = ['ID', 'STATUS', 'STEP', 'WHO', 'EXPIRES', 'ASKS'];

/** `mission approvals list`: open questions, or all of them with `--all`. */
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

const row = ({ id, status, step, who, expiresAt, description }: ApprovalView): string[] => [
  id,
  status,
  step,
  names(who),
  expiresAt,
  description,
];

const names = (who: Json): string =>
  Array.isArray(who) && who.length > 0 ? who.join(', ') : 'everybody';

/** `mission approvals approve ID`. */
export const approve: Handler = (session, [id], options) =>
  resolve(session, id!, 'APPROVED', options);

/** `mission approvals deny ID`. */
export const deny: Handler = (session, [id], options) => resolve(session, id!, 'DENIED', options);

async function resolve(
  session: Session,
  id: string,
  decision: 'APPROVED' | 'DENIED',
  { comment, form }: Record<string, unknown>,
) {
  const api = await session.api();
  const { resolveApproval: answered } = await api.graphql<{ resolveApproval: ApprovalView }>(
    DOCUMENTS.resolveApproval,
    {
      id,
      decision,
      comment: typeof comment === 'string' ? comment : null,
      form: typeof form === 'string' ? readObject('--form', form) : null,
    },
  );
  session.result(answered, () => outcomeText(answered));
  return EXIT.done;
}

const outcomeText = ({ step, status, votes, quorum }: ApprovalView): string =>
  status === 'pending' ? `${step}: ${votes.length} of ${quorum} approvals` : `${step} is ${status}`;
