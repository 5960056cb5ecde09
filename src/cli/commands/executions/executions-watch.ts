import { EXIT } from '../../terminal/cli-error.js';
import type { Handler } from '../../client/command-spec.js';
import { fetchRun } from '../../client/follow.js';
import { finishRun } from '../../render/finish.js';
import { watchRun, watchWithProgress } from '../../render/watching.js';

/**
 * `mission executions watch ID`. With `--json` one line per event: `{step}` for
 * each change or progress, finally `{execution}`.
 */
export const watchExecution: Handler = async (session, [id]) => {
  const api = await session.api();
  await fetchRun(api, id!);
  if (!session.json) return finishRun(session, await watchWithProgress(session, api, id!));
  const run = await watchRun(session, api, id!, (step) => session.result({ step }, String));
  session.result({ execution: run }, String);
  return run.status === 'SUCCESS' ? EXIT.done : EXIT.failed;
};
