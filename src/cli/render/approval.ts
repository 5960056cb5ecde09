import type { Session } from '../client/session.js';
import type { ApprovalView } from '../client/views.js';
import { placeOf, pretty, section, when } from './run.js';

/** Formats an approval: the question, and the steps that it lets run, with their targets and arguments. */
export function renderApproval(session: Session, approval: ApprovalView): string {
  const { id, executionId, step, path, iteration, description, status, hash } = approval;
  const place = placeOf({ path, iteration });
  const head = [
    `${session.paint('bold', step)}  ${status}  asks ${askedText(approval)} until ${when(approval.expiresAt)}`,
    `id        ${id}`,
    `run       ${executionId}${place === step ? '' : `, at ${place}`}`,
    ...(hash === null ? [] : [`hash      ${hash}`]),
  ].join('\n');
  const question = section(session, 'asks', description);
  return [head, question, shownSection(session, approval)].filter(Boolean).join('\n\n');
}

/** The people whom an approval asks. */
export const askedText = ({ who }: Pick<ApprovalView, 'who'>): string =>
  Array.isArray(who) && who.length > 0 ? who.join(', ') : 'everybody';

function shownSection(session: Session, { shows }: ApprovalView): string {
  if (shows === null) return '';
  const nothing = Array.isArray(shows) && shows.length === 0;
  const text = nothing ? 'nothing outside the run' : pretty(shows);
  return section(session, 'lets run', text);
}
