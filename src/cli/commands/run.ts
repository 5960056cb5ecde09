import type { JsonObject } from '../../contracts/json/json.js';
import type { InputSpec, Plan } from '../../contracts/plan.js';
import type { ApiClient } from '../client/api-client.js';
import { warnOfUnanswerable } from '../client/approvers.js';
import { checkFile, noteDiagnostics, type CheckedFile } from '../project/checked-file.js';
import { CliError, EXIT, type ExitCode } from '../terminal/cli-error.js';
import type { Handler } from '../client/command-spec.js';
import { fetchLeftOut, noteTwins } from '../client/directives.js';
import { DOCUMENTS } from '../client/documents.js';
import { finishRun, outcomeOf } from '../render/finish.js';
import { readInputs } from '../terminal/inputs.js';
import type { Session } from '../client/session.js';
import { isFile } from '../terminal/target.js';
import type { RunView } from '../client/views.js';
import { watchWithProgress } from '../render/watching.js';
import { ProjectContexts } from '../project/project-context.js';

interface RunOptions {
  input?: string[];
  inputs?: string;
  wait: boolean;
  idempotencyKey?: string;
  version?: string;
}

/** `mission run NAME|FILE`: starts a run and follows it to its end. */
export const run: Handler = async (session, [target], raw) => {
  const options = raw as unknown as RunOptions;
  return isFile(target!) ? runFile(session, target!, options) : runNamed(session, target!, options);
};

async function runFile(session: Session, file: string, options: RunOptions): Promise<ExitCode> {
  const checked = await checkFile(session, await new ProjectContexts(session).of(file), file);
  noteDiagnostics(session, checked);
  if (!checked.valid || !checked.plan) throw invalid(checked);
  const inputs = readInputs(options, checked.plan.inputs);
  await warnOfUnanswerable(session, checked.plan);
  const start = { directive: checked.plan.name, source: checked.source, inputs };
  const api = await session.api();
  await fetchLeftOut(session, api);
  return begin(session, api, start, options);
}

async function runNamed(session: Session, name: string, options: RunOptions): Promise<ExitCode> {
  const api = await session.api();
  const declared = options.input ? await declaredInputs(api, name, options) : {};
  noteTwins(session, name, await fetchLeftOut(session, api));
  const start = { directive: name, inputs: readInputs(options, declared) };
  await warnOfPlan(session, api, name, options);
  try {
    return await begin(session, api, start, options);
  } catch (error) {
    const { code } = error as CliError;
    if (code === 'directive_invalid' && !options.version) await noteMistakes(session, api, name);
    throw error;
  }
}

async function declaredInputs(
  api: ApiClient,
  name: string,
  { version }: RunOptions,
): Promise<Record<string, InputSpec>> {
  const data = await api.graphql<{
    directive: { inputs: Record<string, InputSpec> | null } | null;
  }>(DOCUMENTS.declared, { name, version: version ?? null });
  // If the directive is missing or invalid, the start reports a better error.
  return data.directive?.inputs ?? {};
}

/** Prints the diagnostics of an invalid directive in the library. */
async function noteMistakes(session: Session, api: ApiClient, name: string): Promise<void> {
  const { directive } = await api.graphql<{
    directive: (Pick<CheckedFile, 'diagnostics'> & { file: string; text: string }) | null;
  }>(DOCUMENTS.directive, { name, version: null });
  if (!directive) return;
  const { file, text: source, diagnostics } = directive;
  noteDiagnostics(session, { file, source, diagnostics });
}

/**
 * Warns about questions of the plan. A directive without a plan is refused by
 * the start, with its own error.
 */
async function warnOfPlan(
  session: Session,
  api: ApiClient,
  name: string,
  { version }: RunOptions,
): Promise<void> {
  const { directive } = await api.graphql<{ directive: { plan: Plan | null } | null }>(
    DOCUMENTS.plan,
    { name, version: version ?? null },
  );
  if (directive?.plan) await warnOfUnanswerable(session, directive.plan);
}

async function begin(
  session: Session,
  api: ApiClient,
  start: JsonObject,
  options: RunOptions,
): Promise<ExitCode> {
  const { version = null, idempotencyKey = null } = options;
  const variables = { ...start, version, idempotencyKey };
  const { startExecution: started } = await api.graphql<{ startExecution: RunView }>(
    DOCUMENTS.start,
    variables,
  );
  if (!options.wait) return leave(session, started);
  session.note(`${started.directiveName}@${started.directiveVersion}  run ${started.id}`);
  return finishRun(session, await watchWithProgress(session, api, started.id));
}

function leave(session: Session, started: RunView): ExitCode {
  session.result(outcomeOf(started), () => started.id);
  return EXIT.done;
}

const invalid = ({ file, diagnostics }: CheckedFile) =>
  new CliError(
    EXIT.failed,
    'directive_invalid',
    `${file} has ${diagnostics.filter(({ severity }) => severity === 'error').length} error(s); nothing was started`,
  );
