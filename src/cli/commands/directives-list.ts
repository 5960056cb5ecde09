import type { ApiClient } from '../api-client.js';
import { CliError, EXIT } from '../cli-error.js';
import type { Handler } from '../command-spec.js';
import { DOCUMENTS } from '../documents.js';
import { firstLine } from '../render/run.js';
import { table } from '../render/table.js';

interface DirectiveView {
  name: string;
  version: string;
  source: string;
  description: string | null;
}

interface Page {
  directives: {
    edges: { node: DirectiveView }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
}

const SOURCES = ['project', 'user', 'system'];

/** `mission directives list`. Under `--json` one line per directive. */
export const listDirectives: Handler = async (session, _args, options) => {
  const found = await fetchDirectives(await session.api(), options);
  const row = (each: DirectiveView) => [
    each.name,
    each.version,
    each.source.toLowerCase(),
    firstLine(each.description ?? '', 80),
  ];
  if (session.json) found.forEach((each) => session.result(each, String));
  else if (found.length === 0) session.note('no directives');
  else
    session.result(found, () =>
      table(['NAME', 'VERSION', 'SOURCE', 'DESCRIPTION'], found.map(row)),
    );
  return EXIT.done;
};

async function fetchDirectives(
  api: ApiClient,
  { source, query }: Record<string, unknown>,
): Promise<DirectiveView[]> {
  if (source !== undefined && !SOURCES.includes(String(source)))
    throw new CliError(
      EXIT.usage,
      'input_invalid',
      `--source ${source} is none of ${SOURCES.join(', ')}`,
    );
  const found: DirectiveView[] = [];
  const filter = { source: (source as string) ?? null, query: (query as string) ?? null };
  for (let after: string | null = null; ;) {
    const { directives }: Page = await api.graphql<Page>(DOCUMENTS.directives, {
      ...filter,
      after,
    });
    found.push(...directives.edges.map(({ node }) => node));
    after = directives.pageInfo.endCursor;
    if (!directives.pageInfo.hasNextPage) return found;
  }
}
