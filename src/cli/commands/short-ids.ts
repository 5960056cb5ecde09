import type { JsonObject } from '../../contracts/json/json.js';
import type { ApiClient } from '../client/api-client.js';
import { CliError, EXIT } from '../terminal/cli-error.js';
import type { CommandSpec } from '../client/command-spec.js';
import type { ApprovalView } from '../client/views.js';
import { DOCUMENTS } from '../client/documents.js';
import { when } from '../render/run.js';
import { table } from '../render/table.js';
import type { Session } from '../client/session.js';

const LAST = 'last';
/** Shorter prefixes are too likely to match another id. */
const LEAST = 4;
const MOST_CANDIDATES = 10;
const WHOLE = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/**
 * The id of a run's workflow, as Temporal Web UI shows it: the directive's name
 * precedes the run's id.
 */
const NAMED = /^[a-z][a-z0-9_]*-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;
/** Options whose value is the id of a run. */
const RUN_OPTIONS = ['execution', 'root'] as const;

/** A run, approval or request that an id may refer to. */
interface Candidate {
  id: string;
  /** Description of the candidate, as the cells of a row. */
  cells: string[];
}

interface Kind {
  noun: string;
  head: string[];
  find(api: ApiClient, by: { prefix: string } | 'last', first: number): Promise<Candidate[]>;
}

const RUN: Kind = {
  noun: 'run',
  head: ['ID', 'DIRECTIVE', 'STATUS', 'STARTED'],
  async find(api, by, first) {
    const filter: JsonObject = by === LAST ? { isRoot: true } : { idPrefix: by.prefix };
    interface Found {
      executions: {
        nodes: { id: string; directiveName: string; status: string; startedAt: string | null }[];
      };
    }
    const { executions } = await api.graphql<Found>(DOCUMENTS.runIds, { filter, first });
    return executions.nodes.map(({ id, directiveName, status, startedAt }) => ({
      id,
      cells: [directiveName, status.toLowerCase(), when(startedAt)],
    }));
  },
};

type Asked = Pick<ApprovalView, 'id' | 'kind' | 'step' | 'status' | 'executionId' | 'askedBy'>;

/** Open approvals and requests among which `last` is looked for. */
const MOST_OPEN = 50;

/** Approvals, requests for help, or both. For an id any is found: the API says what is wrong with it. */
const asked = (noun: string, isWanted: (kind: string) => boolean): Kind => ({
  noun,
  head: ['ID', 'KIND', 'STEP', 'STATUS', 'FROM'],
  async find(api, by, first) {
    const wanted: JsonObject =
      by === LAST ? { status: 'pending', first: MOST_OPEN } : { idPrefix: by.prefix, first };
    const { approvals } = await api.graphql<{ approvals: { nodes: Asked[] } }>(
      DOCUMENTS.approvalIds,
      wanted,
    );
    return approvals.nodes
      .filter(({ kind }) => by !== LAST || isWanted(kind))
      .map(({ id, kind, step, status, executionId, askedBy }) => ({
        id,
        cells: [kind.toLowerCase(), step, status, executionId ?? askedBy ?? ''],
      }));
  },
});

const KINDS = {
  run: RUN,
  approval: asked('approval', (kind) => kind === 'APPROVAL'),
  request: asked('request', (kind) => kind !== 'APPROVAL'),
  question: asked('approval or request', () => true),
};

/**
 * Replaces `last`, a prefix of an id (four characters or more), and the id of a
 * run's workflow by the full id: in the first argument of commands that take an
 * id, and in options that take a run's id. An unknown id stays unchanged, and
 * the API reports it.
 * @throws CliError `ambiguous` with the list of matches
 */
export async function resolveIds(
  session: Session,
  { id }: Pick<CommandSpec, 'id'>,
  args: string[],
  options: Record<string, unknown>,
): Promise<void> {
  const [first] = args;
  if (id && first !== undefined) args[0] = await resolve(session, KINDS[id], first);
  for (const option of RUN_OPTIONS) {
    const text = options[option];
    if (typeof text === 'string') options[option] = await resolve(session, RUN, text);
  }
}

async function resolve(session: Session, kind: Kind, text: string): Promise<string> {
  const named = NAMED.exec(text)?.[1];
  if (named !== undefined) return named;
  if (WHOLE.test(text) || (text !== LAST && text.length < LEAST)) return text;
  const api = await session.api();
  return text === LAST ? lastOf(session, kind, api) : wholeId(kind, api, text);
}

/**
 * Finds the newest one and prints its id, because somebody else may have just
 * started another.
 */
async function lastOf(session: Session, kind: Kind, api: ApiClient): Promise<string> {
  const [newest] = await kind.find(api, LAST, 1);
  if (!newest) throw new CliError(EXIT.usage, 'not_found', `there is no ${kind.noun} yet`);
  session.note(`last is ${kind.noun} ${newest.id}: ${newest.cells.join(', ')}`);
  return newest.id;
}

async function wholeId(kind: Kind, api: ApiClient, text: string): Promise<string> {
  const prefix = text.toLowerCase();
  const found = await kind.find(api, { prefix }, MOST_CANDIDATES + 1);
  if (found.some(({ id }) => id === text) || found.length === 0) return text;
  if (found.length === 1) return found[0]!.id;
  const shown = found.slice(0, MOST_CANDIDATES).map(({ id, cells }) => [id, ...cells]);
  const more = found.length > MOST_CANDIDATES ? '\n… and more' : '';
  const message = `${text} matches several ${kind.noun}s:\n${table(kind.head, shown)}${more}`;
  throw new CliError(EXIT.usage, 'ambiguous', message, 'give more characters of the ID');
}
