import { isBulk, runBulk } from './bulk.js';
import { CliError, EXIT } from '../../terminal/cli-error.js';
import type { Handler } from '../../client/command-spec.js';
import { DOCUMENTS } from '../../client/documents.js';
import { hasEnded } from '../../client/follow.js';
import { when } from '../../render/run.js';
import type { RunView } from '../../client/views.js';

/** `mission executions cancel ID`, or many with a filter. */
export const cancelExecution: Handler = async (session, [id], options) => {
  const reason = typeof options['reason'] === 'string' ? options['reason'] : null;
  const force = Boolean(options['force']);
  const grace = secondsOf(options['grace']);
  if (isBulk(id, options)) {
    const variables = { reason, force, grace };
    const document = DOCUMENTS.cancelMany;
    return runBulk(
      session,
      { document, field: 'cancelExecutions', verb: 'cancel', variables },
      options,
    );
  }
  const api = await session.api();
  const data = await api.graphql<{ cancelExecution: RunView & { cancelDueAt: string | null } }>(
    DOCUMENTS.cancel,
    { id: id!, reason, force, grace },
  );
  const run = data.cancelExecution;
  session.result(run, () =>
    hasEnded(run) ? `run ${run.id} has ended: ${run.status.toLowerCase()}` : cancelling(run, force),
  );
  return EXIT.done;
};

/**
 * Describes the cancellation first and its deadline last, because the deadline
 * is far away and rarely reached.
 */
const cancelling = (
  { id, cancelDueAt }: RunView & { cancelDueAt: string | null },
  force: boolean,
) =>
  force
    ? `terminating run ${id}: no compensation and no always steps run`
    : `cancelling run ${id}: its compensate and always steps run, then it ends. If it has not ended by ${when(cancelDueAt)}, it is terminated`;

function secondsOf(text: unknown): number | null {
  if (text === undefined) return null;
  const seconds = Number(text);
  if (seconds >= 0 && text !== '') return seconds;
  throw new CliError(
    EXIT.usage,
    'input_invalid',
    `--grace must be a number of seconds, not ${text}`,
  );
}
