import { CliError } from '../terminal/cli-error.js';
import { DOCUMENTS } from './documents.js';
import type { Session } from './session.js';

/** The state of the operator's file, as the API returns it. */
export interface ConfigurationView {
  file: string;
  /** Whether the file was changed after the server read it. */
  stale: boolean;
}

/**
 * Timeout of an optional request: a command that works offline must not wait
 * long for a missing API.
 */
const TIMEOUT_MS = 1_000;

/** The warning about a server that uses an older file. */
export const staleText = ({ file }: ConfigurationView): string =>
  `${file} was changed after the server started: restart the server to apply the change`;

/** Prints a warning to stderr when the server uses an older file. */
export function noteStale(session: Session, configuration: ConfigurationView | null): void {
  if (configuration?.stale) session.note(`warning: ${staleText(configuration)}`);
}

/**
 * The state of the running server's operator file; null where no API answers.
 */
export async function askConfiguration(session: Session): Promise<ConfigurationView | null> {
  try {
    const api = await session.api(TIMEOUT_MS);
    const { configuration } = await api.graphql<{ configuration: ConfigurationView }>(
      DOCUMENTS.configuration,
    );
    return configuration;
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return null;
  }
}
