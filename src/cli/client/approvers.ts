import type { Approver } from '../../contracts/approver.js';
import type { Catalog } from '../../contracts/catalog.js';
import type { Diagnostic } from '../../contracts/diagnostic.js';
import type { Plan } from '../../contracts/plan.js';
import { CliError } from '../terminal/cli-error.js';
import { DOCUMENTS } from './documents.js';
import { paint } from '../terminal/io.js';
import type { Session } from './session.js';

/**
 * Timeout of an optional request: a command that works offline must not wait
 * long for a missing API.
 */
const TIMEOUT_MS = 3_000;

export type Approvers = NonNullable<Catalog['approvers']>;

/**
 * The people who may answer questions of runs, from the API; undefined where no
 * API answers.
 */
export async function approversNow(session: Session): Promise<Approvers | undefined> {
  try {
    const api = await session.api(TIMEOUT_MS);
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

/**
 * The questions of a plan that nobody could approve if the caller started it;
 * null where that is unknown.
 */
export async function unanswerable(session: Session, plan: Plan): Promise<OpenQuestion[] | null> {
  const { approveSteps, unanswerableReason, unanswerableSteps } =
    await import('../../language/plan/steps/approvers.js');
  if (approveSteps(plan).length === 0) return [];
  const known = await approversNow(session);
  if (!known) return null;
  return unanswerableSteps(plan, known.people, known.starter).map((step) => {
    const { message, hint } = unanswerableReason(step, known.starter);
    const text = `nobody can approve "${step.name}": ${message}`;
    return { code: 'no_approver', severity: 'warning', message: text, hint };
  });
}

/** Prints a warning for each of these questions to stderr. */
export function noteUnanswerable(session: Session, open: OpenQuestion[] | null): void {
  for (const { message, hint } of open ?? []) {
    session.note(`${paint(['yellow', 'bold'], 'warning', session.io.err)} ${message}; ${hint}`);
  }
}

/**
 * Finds the questions that nobody could approve, and prints a warning for each.
 */
export const warnOfUnanswerable = async (session: Session, plan: Plan): Promise<void> =>
  noteUnanswerable(session, await unanswerable(session, plan));
