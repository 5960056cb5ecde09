import { EXIT } from '../cli-error.js';
import type { Handler } from '../command-spec.js';
import { fetchRun, fetchSteps } from '../follow.js';
import { renderRun } from '../render/run.js';

/** `mission executions show ID`. */
export const showExecution: Handler = async (session, [id]) => {
  const api = await session.api();
  const [run, steps] = await Promise.all([fetchRun(api, id!), fetchSteps(api, id!)]);
  session.result({ ...run, steps }, () => renderRun(session, run, steps));
  return EXIT.done;
};
