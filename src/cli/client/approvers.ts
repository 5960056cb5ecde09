import type { Approver } from '../../contracts/approver.js';
import type { Catalog } from '../../contracts/catalog.js';
import type { Diagnostic } from '../../contracts/diagnostic.js';
import type { Plan } from '../../contracts/plan.js';
import { CliError } from '../terminal/cli-error.js';
import { DOCUMENTS } from './documents.js';
import { paint } from '../terminal/io.js';
import type { Session } from './session.js';

/** A command that works offline does not wait long for an API that is not there. */
const PATIENCE_MS = 3_000;

export type Approvers = NonNullable<Catalog['approvers']>;

/** Who could decide what runs ask, as the API knows it; undefined where none can be asked. */
export async function approversNow(session: Session): Promise<Approvers | undefined> {
  try {
    const api = await session.api(PATIENCE_MS);
    const { approvers } = await api.graphql<{ approvers: (Approver & { you: boolean })[] }>(
      DOCUMENTS.approvers,
    );
    const starter = approvers.find(({ you }) => you)?.actor;
    return starter === undefined ? undefined : { people: approvers, starter };
  } catch (error) {
    if (error instanceof CliError) return undefined;
    throw error;
  }
}

type OpenQuestion = Pick<Diagnostic, 'code' | 'severity' | 'message' | 'hint'>;

/** The questions of a plan that nobody could approve, were the caller to start it; null where that is not known. */
export async function unanswerable(session: Session, plan: Plan): Promise<OpenQuestion[] | null> {
  const { approveSteps, unanswerableReason, unanswerableSteps } =
    await import('../../language/plan/steps/approvers.js');
  if (approveSteps(plan).length === 0) return [];
  const known = await approversNow(session);
  if (!known) return null;
  return unanswerableSteps(plan, known.people, known.starter).map((step) => {
    const { message, hint } = unanswerableReason(step, known.starter);
    const text = `nobody could approve "${step.name}": ${message}`;
    return { code: 'no_approver', severity: 'warning', message: text, hint };
  });
}

/** Warns of them on stderr. */
export function noteUnanswerable(session: Session, open: OpenQuestion[] | null): void {
  for (const { message, hint } of open ?? []) {
    session.note(`${paint(['yellow', 'bold'], 'warning', session.io.err)} ${message}; ${hint}`);
  }
}

/** The same in one step. */
export const warnOfUnanswerable = async (session: Session, plan: Plan): Promise<void> =>
  noteUnanswerable(session, await unanswerable(session, plan));
