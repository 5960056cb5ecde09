import type { InputSpec } from '../../contracts/plan.js';
import { CliError, EXIT } from '../cli-error.js';
import type { Handler } from '../command-spec.js';
import { DOCUMENTS } from '../documents.js';
import { table } from '../render/table.js';
import type { Session } from '../session.js';

interface DirectiveView {
  name: string;
  version: string | null;
  source: string;
  description: string | null;
  valid: boolean;
  text: string;
  inputs: Record<string, InputSpec> | null;
  permissions: string[] | null;
  versions: { version: string; planHash: string; createdAt: string }[];
}

/** `mission directives show NAME`. */
export const showDirective: Handler = async (session, [name], { version }) => {
  const api = await session.api();
  const variables = { name: name!, version: typeof version === 'string' ? version : null };
  const { directive } = await api.graphql<{ directive: DirectiveView | null }>(
    DOCUMENTS.directive,
    variables,
  );
  if (!directive) throw missing(name!, variables.version);
  session.result(directive, () => render(session, directive));
  return EXIT.done;
};

function missing(name: string, version: string | null): CliError {
  const what = version ? `version ${version} of ${name}` : `directive ${name}`;
  return new CliError(
    EXIT.usage,
    'not_found',
    `there is no ${what}`,
    'see mission directives list',
  );
}

function render(session: Session, directive: DirectiveView): string {
  const { name, version, source, description, valid, inputs, permissions, versions, text } =
    directive;
  const rights =
    permissions === null ? 'those of whoever starts it' : permissions.join(', ') || 'none';
  const ran = [...new Set(versions.map((each) => each.version))].join(', ') || 'none';
  const head = [
    `${session.paint('bold', name)}@${version ?? '?'}  ${source}${valid ? '' : session.paint('red', '  invalid')}`,
    ...(description ? [description] : []),
    `rights    ${rights}`,
    `was run   ${ran}`,
  ];
  return [head.join('\n'), ...renderInputs(session, inputs ?? {}), text.trimEnd()].join('\n\n');
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
