import type { ApiClient } from '../client/api-client.js';
import { CliError, EXIT } from '../terminal/cli-error.js';
import { followRun } from '../client/follow.js';
import { progressFor } from './progress.js';
import type { Session } from '../client/session.js';
import type { RunView, StepEvent } from '../client/views.js';

/**
 * Follows a run and prints a line for each step; the redrawn progress line is
 * removed at the end.
 */
export async function watchWithProgress(
  session: Session,
  api: ApiClient,
  id: string,
): Promise<RunView> {
  const progress = progressFor(session);
  const clear = () => progress.clear();
  return watchRun(session, api, id, (step) => progress.step(step), clear).finally(clear);
}

/**
 * Follows a run at a terminal: Ctrl-C detaches and prints how to follow it
 * again.
 */
export async function watchRun(
  session: Session,
  api: ApiClient,
  id: string,
  onStep: (step: StepEvent) => void,
  clear: () => void = () => undefined,
): Promise<RunView> {
  const signal = session.interruption();
  const onContact = (reachable: boolean) => {
    clear();
    session.note(
      reachable ? 'reconnected' : 'no answer from the API; the run continues, reconnecting…',
    );
  };
  return followRun(api, id, { onStep, onContact, signal }).catch((error: unknown) => {
    throw signal.aborted ? detached(id) : error;
  });
}

const detached = (id: string) =>
  new CliError(
    EXIT.interrupted,
    'detached',
    `detached; run ${id} continues`,
    `mission executions watch ${id} follows it again, mission executions cancel ${id} cancels it`,
  );
