import type { FileProblem } from '../../../contracts/catalog.js';
import { CliError, EXIT } from '../../terminal/cli-error.js';
import type { Handler } from '../../client/command-spec.js';
import { fetchDirectives, fetchLeftOut, firstError, type DirectiveView } from '../../client/directives.js';
import { firstLine } from '../../render/run.js';
import { table } from '../../render/table.js';
import type { Session } from '../../client/session.js';

const SOURCES = ['project', 'user', 'system'];

/**
 * `mission directives list`. With `--json` one line per directive; files that
 * were left out are printed to stderr.
 */
export const listDirectives: Handler = async (session, _args, options) => {
  const api = await session.api();
  const found = await fetchDirectives(api, filterOf(options));
  if (session.json) found.forEach((each) => session.result(each, String));
  else if (found.length === 0) session.note('no directives');
  else
    session.result(found, () =>
      table(
        HEAD,
        found.map((each) => row(session, each)),
        session.columns,
      ),
    );
  for (const each of await fetchLeftOut(session, api)) session.note(leftOut(each));
  return EXIT.done;
};

const HEAD = ['NAME', 'VERSION', 'SOURCE', 'DESCRIPTION'];

const row = (session: Session, each: DirectiveView): string[] => [
  each.name,
  each.version ?? '-',
  each.source,
  about(session, each),
];

/** The description of a directive, or the reason why it cannot run. */
function about(session: Session, each: DirectiveView): string {
  const { valid, available, file, diagnostics, description } = each;
  if (!valid) {
    const text = `invalid: ${firstLine(firstError(diagnostics) ?? '', 80)}`;
    return `${session.paint('red', text)}; mission validate ${file ?? each.name}`;
  }
  const text = firstLine(description ?? '', 80);
  return available ? text : `${session.paint('yellow', 'not available yet:')} ${text}`;
}

const leftOut = ({ file, message }: FileProblem): string => `left out: ${file} ${message}`;

function filterOf({ source, query }: Record<string, unknown>) {
  if (source !== undefined && !SOURCES.includes(String(source))) {
    throw new CliError(
      EXIT.usage,
      'input_invalid',
      `--source must be one of ${SOURCES.join(', ')}, not ${source}`,
    );
  }
  return {
    ...(source !== undefined && { source: String(source) }),
    ...(query !== undefined && { query: String(query) }),
  };
}
