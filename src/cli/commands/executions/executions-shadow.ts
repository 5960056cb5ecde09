import type { JsonObject } from '../../../contracts/json/json.js';
import { changedInputs } from '../../client/changed-inputs.js';
import type { ApiClient } from '../../client/api-client.js';
import { checkFile, noteDiagnostics } from '../../project/checked-file.js';
import { CliError, EXIT } from '../../terminal/cli-error.js';
import type { Handler } from '../../client/command-spec.js';
import { DOCUMENTS } from '../../client/documents.js';
import { outcomeOf } from '../../render/finish.js';
import { readInputs, type InputOptions } from '../../terminal/inputs.js';
import { renderError } from '../../render/error.js';
import { paintStatus } from '../../render/run.js';
import { renderShadow } from '../../render/shadow.js';
import type { Session } from '../../client/session.js';
import { isFile } from '../../terminal/target.js';
import type { RunView, ShadowView } from '../../client/views.js';
import { watchRun } from '../../render/watching.js';
import { ProjectContexts } from '../../project/project-context.js';

interface ShadowOptions extends InputOptions {
  version?: string;
  goOn?: boolean;
}

/**
 * `mission executions shadow ID`: what the run would do today. Exit code 1 when
 * that differs from the recorded run.
 */
export const shadowExecution: Handler = async (session, [id], raw) => {
  const options = raw as unknown as ShadowOptions;
  const api = await session.api();
  const what = await planned(session, api, id!, options);
  const variables = { id: id!, goOn: options.goOn ?? false, ...what };
  const { shadowExecution: started } = await api.graphql<{ shadowExecution: RunView }>(
    DOCUMENTS.shadow,
    variables,
  );
  const run = await watchRun(session, api, started.id, () => {});
  const { execution } = await api.graphql<{ execution: { shadow: ShadowView | null } }>(
    DOCUMENTS.differences,
    { id: started.id },
  );
  const found = execution.shadow;
  session.note(`${paintStatus(session, run.status)}  shadow ${run.id} of ${id}`);
  if (run.error) session.note(renderError(run.error));
  session.result({ ...outcomeOf(run), shadow: found }, () => renderShadow(found));
  const same = found !== null && found.total === 0;
  return same && run.error?.code !== 'not_recorded' ? EXIT.done : EXIT.failed;
};

async function planned(
  session: Session,
  api: ApiClient,
  id: string,
  options: ShadowOptions,
): Promise<JsonObject> {
  const { version = 'newest' } = options;
  if (!isFile(version)) return { version, inputs: await changedInputs(api, id, options, version) };
  const checked = await checkFile(session, await new ProjectContexts(session).of(version), version);
  noteDiagnostics(session, checked);
  if (!checked.valid || !checked.plan) {
    throw new CliError(
      EXIT.failed,
      'directive_invalid',
      `${version} has errors; no run was started`,
    );
  }
  const changed = options.input || options.inputs;
  const inputs = changed ? readInputs(options, checked.plan.inputs) : null;
  return { source: checked.source, inputs };
}
