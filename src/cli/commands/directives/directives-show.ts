import type { InputSpec } from '../../../contracts/plan.js';
import type { ApiClient } from '../../client/api-client.js';
import { noteDiagnostics } from '../../project/checked-file.js';
import { CliError, EXIT } from '../../terminal/cli-error.js';
import type { Handler } from '../../client/command-spec.js';
import {
  fetchDirectives,
  fetchLeftOut,
  noDirective,
  noteTwins,
  type DirectiveView,
} from '../../client/directives.js';
import { DOCUMENTS } from '../../client/documents.js';
import { table } from '../../render/table.js';
import type { Session } from '../../client/session.js';

interface FullDirective extends DirectiveView {
  text: string;
  inputs: Record<string, InputSpec> | null;
  permissions: string[] | null;
  versions: { version: string; planHash: string; createdAt: string }[];
}

/** `mission directives show NAME`. */
export const showDirective: Handler = async (session, [name], { version }) => {
  const api = await session.api();
  const variables = { name: name!, version: typeof version === 'string' ? version : null };
  const { directive } = await api.graphql<{ directive: FullDirective | null }>(
    DOCUMENTS.directive,
    variables,
  );
  if (!directive) throw await missing(session, api, name!, variables.version);
  session.result(directive, () => render(session, directive));
  noteTwins(session, name!, await fetchLeftOut(session, api));
  const { text, diagnostics, file } = directive;
  if (!session.json) noteDiagnostics(session, { file: file ?? name!, source: text, diagnostics });
  return EXIT.done;
};

async function missing(
  session: Session,
  api: ApiClient,
  name: string,
  version: string | null,
): Promise<CliError> {
  const found = await fetchDirectives(api);
  const names = found.map((each) => each.name);
  if (version === null || !names.includes(name)) {
    return noDirective(name, names, await fetchLeftOut(session, api));
  }
  const hint = `mission directives show ${name} lists the versions that were run`;
  return new CliError(EXIT.usage, 'not_found', `there is no version ${version} of ${name}`, hint);
}

function render(session: Session, directive: FullDirective): string {
  const { name, version, source, description, inputs, permissions, versions, text } = directive;
  const rights =
    permissions === null ? 'all rights of the actor who starts the run' : permissions.join(', ') || 'none';
  const ran = [...new Set(versions.map((each) => each.version))].join(', ') || 'none';
  const head = [
    `${session.paint('bold', name)}@${version ?? '?'}  ${source}${state(session, directive)}`,
    ...(description ? [description] : []),
    `rights    ${rights}`,
    `was run   ${ran}`,
  ];
  return [head.join('\n'), ...renderInputs(session, inputs ?? {}), text.trimEnd()].join('\n\n');
}

function state(session: Session, { valid, available }: FullDirective): string {
  if (!valid) return session.paint('red', '  invalid');
  return available ? '' : session.paint('yellow', '  not available yet');
}

function renderInputs(session: Session, inputs: Record<string, InputSpec>): string[] {
  const rows = Object.entries(inputs).map(([name, spec]) => [
    name,
    spec.type ?? 'any',
    spec.required ? 'required' : JSON.stringify(spec.default ?? null),
    spec.description ?? '',
  ]);
  return rows.length === 0
    ? []
    : [
        `${session.paint('bold', 'inputs')}\n${table(['NAME', 'TYPE', 'DEFAULT', 'DESCRIPTION'], rows)}`,
      ];
}
