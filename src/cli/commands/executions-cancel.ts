import { EXIT } from '../cli-error.js';
import type { Handler } from '../command-spec.js';
import { DOCUMENTS } from '../documents.js';
import { hasEnded } from '../follow.js';
import type { RunView } from '../views.js';

/** `mission executions cancel ID`. */
export const cancelExecution: Handler = async (session, [id], options) => {
  const api = await session.api();
  const reason = typeof options['reason'] === 'string' ? options['reason'] : null;
  const data = await api.graphql<{ cancelExecution: RunView }>(DOCUMENTS.cancel, {
    id: id!,
    reason,
  });
  const run = data.cancelExecution;
  session.result(run, () =>
    hasEnded(run)
      ? `run ${run.id} is over: ${run.status.toLowerCase()}`
      : `cancelling run ${run.id}`,
  );
  return EXIT.done;
};
