import type { Session } from '../client/session.js';
import type { ApprovalView } from '../client/views.js';
import { placeOf, pretty, section, when } from './run.js';

/** Formats an approval: the question, and the steps that it lets run, with their targets and arguments. */
export function renderApproval(session: Session, approval: ApprovalView): string {
  const { id, kind, step, description, status, hash, answer, expiresAt } = approval;
  const head = [
    `${session.paint('bold', step)}  ${status}  asks ${askedText(approval)}${expiresAt === null ? '' : ` until ${when(expiresAt)}`}`,
    `id        ${id}`,
    ...(kind === 'APPROVAL' ? [] : [`kind      ${kind.toLowerCase()}`]),
    ...askerOf(approval),
    ...(hash === null ? [] : [`hash      ${hash}`]),
  ].join('\n');
  const question = section(session, 'asks', description);
  const answered = answer === null ? '' : section(session, 'answer', answer);
  return [head, question, shownSection(session, approval), answered].filter(Boolean).join('\n\n');
}

/** The run that asks, with the place in it, and the client that asks. */
function askerOf({ executionId, askedBy, step, path, iteration }: ApprovalView): string[] {
  const place = placeOf({ path, iteration });
  const at = place === step ? '' : `, at ${place}`;
  return [
    ...(askedBy === null ? [] : [`from      ${askedBy}`]),
    ...(executionId === null ? [] : [`run       ${executionId}${at}`]),
  ];
}

/** The people whom an approval asks. */
export const askedText = ({ who }: Pick<ApprovalView, 'who'>): string =>
  Array.isArray(who) && who.length > 0 ? who.join(', ') : 'everybody';

function shownSection(session: Session, { kind, shows }: ApprovalView): string {
  if (shows === null) return '';
  if (kind !== 'APPROVAL') return section(session, 'about', pretty(shows));
  const nothing = Array.isArray(shows) && shows.length === 0;
  const text = nothing ? 'nothing outside the run' : pretty(shows);
  return section(session, 'lets run', text);
}
