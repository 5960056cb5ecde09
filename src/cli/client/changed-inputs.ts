import type { JsonObject } from '../../contracts/json/json.js';
import type { InputSpec } from '../../contracts/plan.js';
import type { ApiClient } from './api-client.js';
import { CliError, EXIT } from '../terminal/cli-error.js';
import { DOCUMENTS } from './documents.js';
import { fetchRun } from './follow.js';
import { type InputOptions, readInputs } from '../terminal/inputs.js';

/**
 * The changed inputs of a re-run, read by the declared types of the directive
 * version that it runs. Null when no input changes.
 */
export async function changedInputs(
  api: ApiClient,
  id: string,
  options: InputOptions,
  version: string,
): Promise<JsonObject | null> {
  if (!options.input) return options.inputs === undefined ? null : readInputs(options, {});
  const old = await fetchRun(api, id);
  const wanted = version === 'old' ? old.directiveVersion : version === 'newest' ? null : version;
  const data = await api.graphql<{
    directive: { inputs: Record<string, InputSpec> | null } | null;
  }>(DOCUMENTS.declared, {
    name: old.directiveName,
    version: wanted,
  });
  if (data.directive) return readInputs(options, data.directive.inputs ?? {});
  const hint = 'give the inputs as JSON with --inputs';
  throw new CliError(EXIT.usage, 'not_found', `there is no directive ${old.directiveName}`, hint);
}
