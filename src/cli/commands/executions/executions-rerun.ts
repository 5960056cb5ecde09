import type { Session } from '../../client/session.js';
import { isBulk, runBulk } from './bulk.js';
import { changedInputs } from '../../client/changed-inputs.js';
import { CliError, EXIT } from '../../terminal/cli-error.js';
import type { Handler } from '../../client/command-spec.js';
import { DOCUMENTS } from '../../client/documents.js';
import { finishRun, outcomeOf } from '../../render/finish.js';
import type { InputOptions } from '../../terminal/inputs.js';
import type { RunView } from '../../client/views.js';
import { watchWithProgress } from '../../render/watching.js';

interface RerunOptions extends InputOptions {
  from?: string;
  iteration?: string;
  version?: string;
  wait: boolean;
}

/**
 * `mission executions rerun ID`: runs an ended run again and follows it; with a
 * filter it starts many.
 */
export const rerunExecution: Handler = async (session, [id], raw) => {
  const options = raw as unknown as RerunOptions;
  if (isBulk(id, raw)) return rerunMany(session, options, raw);
  const api = await session.api();
  const inputs = await changedInputs(api, id!, options, options.version ?? 'old');
  const { rerunExecution: started } = await api.graphql<{ rerunExecution: RunView }>(
    DOCUMENTS.rerun,
    {
      id: id!,
      fromStep: options.from ?? null,
      iteration: options.iteration ?? null,
      version: options.version ?? null,
      inputs,
    },
  );
  if (!options.wait) {
    session.result(outcomeOf(started), () => started.id);
    return EXIT.done;
  }
  session.note(`${started.directiveName}@${started.directiveVersion}  run ${started.id}`);
  return finishRun(session, await watchWithProgress(session, api, started.id));
};

function rerunMany(session: Session, options: RerunOptions, raw: Record<string, unknown>) {
  if (options.input || options.inputs || options.iteration) {
    const message = '--input, --inputs and --iteration need the ID of one run';
    throw new CliError(EXIT.usage, 'input_invalid', message);
  }
  const variables = { fromStep: options.from ?? null, version: options.version ?? null };
  const document = DOCUMENTS.rerunMany;
  return runBulk(session, { document, field: 'rerunExecutions', verb: 're-run', variables }, raw);
}
