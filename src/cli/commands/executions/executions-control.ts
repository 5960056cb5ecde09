import { isBulk, runBulk } from './bulk.js';
import { EXIT } from '../../terminal/cli-error.js';
import type { Handler } from '../../client/command-spec.js';
import { DOCUMENTS } from '../../client/documents.js';
import { readValue } from '../../terminal/inputs.js';
import type { RunView } from '../../client/views.js';

/** `mission executions pause ID`, or many with a filter. */
export const pauseExecution: Handler = async (session, [id], options) => {
  if (isBulk(id, options)) {
    const document = DOCUMENTS.pauseMany;
    return runBulk(session, { document, field: 'pauseExecutions', verb: 'pause' }, options);
  }
  const api = await session.api();
  const { pauseExecution: run } = await api.graphql<{ pauseExecution: RunView }>(DOCUMENTS.pause, {
    id: id!,
  });
  session.result(run, () => `run ${run.id} is paused: no step starts until it is resumed`);
  return EXIT.done;
};

/** `mission executions resume ID`, or many with a filter. */
export const resumeExecution: Handler = async (session, [id], options) => {
  if (isBulk(id, options)) {
    const document = DOCUMENTS.resumeMany;
    return runBulk(session, { document, field: 'resumeExecutions', verb: 'resume' }, options);
  }
  const api = await session.api();
  const { resumeExecution: run } = await api.graphql<{ resumeExecution: RunView }>(
    DOCUMENTS.resume,
    { id: id! },
  );
  session.result(run, () => `run ${run.id} is resumed`);
  return EXIT.done;
};

/** `mission executions signal ID NAME`. */
export const signalExecution: Handler = async (session, [id, name], { payload }) => {
  const api = await session.api();
  const value = typeof payload === 'string' ? readValue('--payload', payload, undefined) : null;
  const variables = { id: id!, name: name!, payload: value };
  const { signalExecution: run } = await api.graphql<{ signalExecution: RunView }>(
    DOCUMENTS.signal,
    variables,
  );
  session.result(
    run,
    () =>
      `sent signal ${name} to run ${run.id}; if no step waits for it yet, it is kept until one does`,
  );
  return EXIT.done;
};
