import { CliError, EXIT } from '../terminal/cli-error.js';
import { DOCUMENTS } from './documents.js';
import type { Session } from './session.js';

/** An effect of a changed directive on running runs, as the API returns it. */
export interface ImpactView {
  code: string;
  severity: 'error' | 'warning' | 'info';
  message: string;
  runs: number;
}

/**
 * Timeout of an optional request: a command that works offline must not wait
 * long for a missing API.
 */
const TIMEOUT_MS = 3_000;

/**
 * The effects of saving this text on running runs; null where no API answers.
 */
export async function impactOf(session: Session, source: string): Promise<ImpactView[] | null> {
  try {
    const api = await session.api(TIMEOUT_MS);
    const { validateDirective } = await api.graphql<{
      validateDirective: { impact: ImpactView[] };
    }>(DOCUMENTS.impact, { source });
    return validateDirective.impact;
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    if (error.exit !== EXIT.unreachable)
      session.note(`runs in progress could not be queried: ${error.message}`);
    return null;
  }
}

/** References of running runs to directives, scripts and the like that no longer exist. */
export async function orphans(session: Session): Promise<ImpactView[]> {
  const api = await session.api();
  return (await api.graphql<{ orphans: ImpactView[] }>(DOCUMENTS.orphans)).orphans;
}
