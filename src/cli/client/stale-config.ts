import { CliError } from '../terminal/cli-error.js';
import { DOCUMENTS } from './documents.js';
import type { Session } from './session.js';

/** The operator's file of the running server, as the API gives it. */
export interface ConfigurationView {
  file: string;
  /** It was changed since the server read it. */
  stale: boolean;
}

/** A command that works offline does not wait long for an API that is not there. */
const PATIENCE_MS = 1_000;

/** What to say of a server that works with an older file. */
export const staleText = ({ file }: ConfigurationView): string =>
  `the running server has an older ${file}: restart it to use what the file says now`;

/** Says on stderr that the server works with an older file. */
export function noteStale(session: Session, configuration: ConfigurationView | null): void {
  if (configuration?.stale) session.note(`warning: ${staleText(configuration)}`);
}

/** The operator's file of the running server; null where none can be asked. */
export async function askConfiguration(session: Session): Promise<ConfigurationView | null> {
  try {
    const api = await session.api(PATIENCE_MS);
    const { configuration } = await api.graphql<{ configuration: ConfigurationView }>(
      DOCUMENTS.configuration,
    );
    return configuration;
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return null;
  }
}
