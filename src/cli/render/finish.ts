import { EXIT, type ExitCode } from '../terminal/cli-error.js';
import type { RunView } from '../client/views.js';
import { duration } from './duration.js';
import { renderError } from './error.js';
import { paintStatus, pretty } from './run.js';
import type { Session } from '../client/session.js';

/**
 * Prints the end of a run in the format of `run --json`, and returns the exit
 * code.
 */
export function finishRun(session: Session, run: RunView): ExitCode {
  const took = run.durationMs === null ? '' : ` in ${duration(run.durationMs)}`;
  session.note(`${paintStatus(session, run.status)}${took}  run ${run.id}`);
  if (run.temporalUrl) session.note(run.temporalUrl);
  if (run.error) session.note(renderError(run.error));
  if (session.json || !run.error) session.result(outcomeOf(run), () => pretty(run.result));
  return run.status === 'SUCCESS' ? EXIT.done : EXIT.failed;
}

/** A run in the format of `run --json` and `POST /internal/execute`. */
export const outcomeOf = (run: RunView) => ({
  execution_id: run.id,
  status: run.status.toLowerCase(),
  result: run.result,
  error: run.error,
  duration_ms: run.durationMs,
  temporal_url: run.temporalUrl,
});
