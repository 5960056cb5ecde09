import { EXIT } from '../cli-error.js';
import type { Handler } from '../command-spec.js';
import { fetchRun } from '../follow.js';
import { finishRun } from '../finish.js';
import { progressFor } from '../progress.js';
import type { StepNews } from '../views.js';
import { watchRun } from '../watching.js';

/** `mission executions watch ID`. Under `--json` a line per event: `{step}` for each change or progress, at last `{execution}`. */
export const watchExecution: Handler = async (session, [id]) => {
  const api = await session.api();
  await fetchRun(api, id!);
  const progress = progressFor(session);
  const isNews = newsOnly();
  const run = await watchRun(session, api, id!, (step) => {
    if (!session.json) progress.step(step);
    else if (isNews(step)) session.result({ step }, String);
  });
  if (!session.json) return finishRun(session, run);
  session.result({ execution: run }, String);
  return run.status === 'SUCCESS' ? EXIT.done : EXIT.failed;
};

/** The feed, and the reading of what it missed, may tell the same twice. */
function newsOnly(): (step: StepNews) => boolean {
  const told = new Map<string, string>();
  return ({ progress, ...step }) => {
    const key = `${step.path} ${step.iteration ?? ''}`;
    const text = JSON.stringify(step);
    const before = told.get(key);
    const said = progress ? `${text} ${JSON.stringify(progress)}` : text;
    if (before === said || (!progress && before?.startsWith(text))) return false;
    told.set(key, said);
    return true;
  };
}
