import { CliError, EXIT } from '../terminal/cli-error.js';
import { DOCUMENTS } from './documents.js';
import type { Session } from './session.js';

/** What an edit means for what is under way, as the API gives it. */
export interface ImpactView {
  code: string;
  severity: 'error' | 'warning' | 'info';
  message: string;
  runs: number;
}

/** A command that works offline does not wait long for an API that is not there. */
const PATIENCE_MS = 3_000;

/** What putting this text in place would mean; null where no API can be asked. */
export async function impactOf(session: Session, source: string): Promise<ImpactView[] | null> {
  try {
    const api = await session.api(PATIENCE_MS);
    const { validateDirective } = await api.graphql<{
      validateDirective: { impact: ImpactView[] };
    }>(DOCUMENTS.impact, { source });
    return validateDirective.impact;
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    if (error.exit !== EXIT.unreachable) session.note(`live runs are not known: ${error.message}`);
    return null;
  }
}

/** What runs that are under way name and is not there any more. */
export async function orphans(session: Session): Promise<ImpactView[]> {
  const api = await session.api();
  return (await api.graphql<{ orphans: ImpactView[] }>(DOCUMENTS.orphans)).orphans;
}
