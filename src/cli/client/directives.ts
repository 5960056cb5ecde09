import type { FileProblem } from '../../contracts/catalog.js';
import type { Diagnostic } from '../../contracts/diagnostic.js';
import { missingDirective } from '../../language/text/missing-directive.js';
import type { ApiClient } from './api-client.js';
import { CliError, EXIT } from '../terminal/cli-error.js';
import { DOCUMENTS } from './documents.js';
import type { Session } from './session.js';
import { noteStale, type ConfigurationView } from './stale-config.js';

/** A directive, as the API gives it. */
export interface DirectiveView {
  name: string;
  /** Null while the text has errors. */
  version: string | null;
  source: string;
  description: string | null;
  /** Path on the server; null for a version of the history. */
  file: string | null;
  valid: boolean;
  /** False while it names a system script that is not there yet. */
  available: boolean;
  diagnostics: Diagnostic[];
}

interface Page {
  directives: {
    edges: { node: DirectiveView }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
}

/** All directives that a filter names, page by page. */
export async function fetchDirectives(
  api: ApiClient,
  filter: { source?: string; query?: string } = {},
): Promise<DirectiveView[]> {
  const found: DirectiveView[] = [];
  const { source = null, query = null } = filter;
  for (let after: string | null = null; ;) {
    const { directives }: Page = await api.graphql<Page>(DOCUMENTS.directives, {
      source,
      query,
      after,
    });
    found.push(...directives.edges.map(({ node }) => node));
    after = directives.pageInfo.endCursor;
    if (!directives.pageInfo.hasNextPage) return found;
  }
}

/** Files that the library left out. Says on stderr if the server works with an older mission.yaml. */
export async function fetchLeftOut(session: Session, api: ApiClient): Promise<FileProblem[]> {
  const { leftOutFiles, configuration } = await api.graphql<{
    leftOutFiles: FileProblem[];
    configuration: ConfigurationView;
  }>(DOCUMENTS.library);
  noteStale(session, configuration);
  return leftOutFiles;
}

/** Tells on stderr which other files would be this directive, were they not left out. */
export function noteTwins(session: Session, name: string, leftOut: readonly FileProblem[]): void {
  const twins = leftOut.filter((each) => each.name === name && !each.shadowed);
  for (const { file, message } of twins) session.note(`warning: ${file} ${message}`);
}

/** So many names fit into a hint. */
const FEW = 20;

/** There is no such directive: what there is instead, or why its file was left out. */
export function noDirective(
  name: string,
  names: readonly string[],
  leftOut: readonly FileProblem[],
): CliError {
  const all = names.length <= FEW ? `there are ${names.join(', ')}` : 'see mission directives list';
  const hint = missingDirective(name, names, leftOut) ?? `${all}; a file is named by its path`;
  return new CliError(EXIT.usage, 'not_found', `there is no directive ${name} here`, hint);
}

/** The first error, and how many more there are; undefined where there is none. */
export function firstError(diagnostics: readonly Diagnostic[]): string | undefined {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  if (!first) return undefined;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return `${first.line}:${first.column} ${first.message}${more}`;
}
