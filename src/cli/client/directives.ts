import type { FileProblem } from '../../contracts/catalog.js';
import type { Diagnostic } from '../../contracts/diagnostic.js';
import { missingDirective } from '../../language/text/missing-directive.js';
import type { ApiClient } from './api-client.js';
import { CliError, EXIT } from '../terminal/cli-error.js';
import { DOCUMENTS } from './documents.js';
import type { Session } from './session.js';
import { noteStale, type ConfigurationView } from './stale-config.js';

/** A directive, as the API returns it. */
export interface DirectiveView {
  name: string;
  /** Null while the text has errors. */
  version: string | null;
  source: string;
  description: string | null;
  /** Path on the server; null for an earlier version. */
  file: string | null;
  valid: boolean;
  /**
   * False while the directive needs a system script that is not available yet.
   */
  available: boolean;
  diagnostics: Diagnostic[];
}

interface Page {
  directives: {
    edges: { node: DirectiveView }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
}

/** Fetches all directives that match a filter, page by page. */
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

/**
 * The files that the library left out. Prints a warning to stderr if the server
 * uses an older mission.yaml.
 */
export async function fetchLeftOut(session: Session, api: ApiClient): Promise<FileProblem[]> {
  const { leftOutFiles, configuration } = await api.graphql<{
    leftOutFiles: FileProblem[];
    configuration: ConfigurationView;
  }>(DOCUMENTS.library);
  noteStale(session, configuration);
  return leftOutFiles;
}

/** Prints to stderr which left-out files have the same directive name. */
export function noteTwins(session: Session, name: string, leftOut: readonly FileProblem[]): void {
  const twins = leftOut.filter((each) => each.name === name && !each.shadowed);
  for (const { file, message } of twins) session.note(`warning: ${file} ${message}`);
}

/** Maximum number of names in a hint. */
const MAX_NAMES = 20;

/**
 * The error for an unknown directive, with the known names or the reason why
 * its file was left out.
 */
export function noDirective(
  name: string,
  names: readonly string[],
  leftOut: readonly FileProblem[],
): CliError {
  const all =
    names.length <= MAX_NAMES ? `there are ${names.join(', ')}` : 'see mission directives list';
  const hint = missingDirective(name, names, leftOut) ?? `${all}; to run a file, give its path`;
  return new CliError(
    EXIT.usage,
    'not_found',
    `there is no directive ${name} in this project`,
    hint,
  );
}

/**
 * The first error and the number of further ones; undefined without an error.
 */
export function firstError(diagnostics: readonly Diagnostic[]): string | undefined {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  if (!first) return undefined;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return `${first.line}:${first.column} ${first.message}${more}`;
}
