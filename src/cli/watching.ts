import type { ApiClient } from './api-client.js';
import { CliError, EXIT } from './cli-error.js';
import type { RunView, StepView } from './views.js';
import { followRun } from './follow.js';
import type { Session } from './session.js';

/** Follows a run for a person at a terminal: Ctrl-C detaches and says how to go on. */
export async function watchRun(
  session: Session,
  api: ApiClient,
  id: string,
  onStep: (step: StepView) => void,
): Promise<RunView> {
  const interrupted = new AbortController();
  const detach = () => interrupted.abort(detached(id));
  session.io.signals.once('SIGINT', detach);
  const onContact = (reachable: boolean) =>
    session.note(
      reachable ? 'connected again' : 'no answer from the API; the run goes on, trying again…',
    );
  try {
    return await followRun(api, id, { onStep, onContact, signal: interrupted.signal });
  } finally {
    session.io.signals.off('SIGINT', detach);
  }
}

const detached = (id: string) =>
  new CliError(
    EXIT.interrupted,
    'detached',
    `detached; run ${id} goes on`,
    `mission executions watch ${id} follows it again, mission executions cancel ${id} ends it`,
  );
