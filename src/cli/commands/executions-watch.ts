import { EXIT } from '../cli-error.js';
import type { Handler } from '../command-spec.js';
import { fetchRun } from '../follow.js';
import { finishRun } from '../finish.js';
import { progressFor } from '../progress.js';
import { watchRun } from '../watching.js';

/** `mission executions watch ID`. Under `--json` a line per event: `{step}` for each change, at last `{execution}`. */
export const watchExecution: Handler = async (session, [id]) => {
  const api = await session.api();
  await fetchRun(api, id!);
  const progress = progressFor(session);
  const run = await watchRun(session, api, id!, (news) => {
    const { progress: _, ...step } = news;
    if (session.json) session.result({ step }, String);
    else progress.step(news);
  });
  if (!session.json) return finishRun(session, run);
  session.result({ execution: run }, String);
  return run.status === 'SUCCESS' ? EXIT.done : EXIT.failed;
};
