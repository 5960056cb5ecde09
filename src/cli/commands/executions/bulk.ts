import { EXECUTION_STATUSES, TRIGGERS } from '../../../contracts/execution.js';
import type { JsonObject } from '../../../contracts/json/json.js';
import { CliError, EXIT, type ExitCode } from '../../terminal/cli-error.js';
import { readCount } from '../../terminal/read-count.js';
import { RUN_HEAD, runRow } from '../../render/run.js';
import { table } from '../../render/table.js';
import type { Session } from '../../client/session.js';
import type { RunView } from '../../client/views.js';

/** The result of one bulk operation, as the API returns it. */
interface Outcome {
  matched: number;
  done: { id: string; startedId: string | null }[];
  failed: { id: string; code: string; message: string }[];
  sample: RunView[];
  endCursor: string | null;
  hasNextPage: boolean;
}

/**
 * An operation on many runs: its document, the field of the result, and its
 * verb.
 */
export interface BulkSpec {
  document: string;
  field: string;
  /** Verb for messages, such as `cancel`. */
  verb: string;
  /** Arguments besides the filter. */
  variables?: JsonObject;
}

const CALL = 200;

/** Builds the filter from the options; empty when they contain none. */
export function filterOf(options: Record<string, unknown>): JsonObject {
  const { directive, actor, root } = options;
  const status = oneOf('--status', options['status'], EXECUTION_STATUSES);
  const trigger = oneOf('--trigger', options['trigger'], TRIGGERS);
  return {
    ...(status && { status: [status] }),
    ...(trigger && { triggeredBy: trigger }),
    ...(directive !== undefined && { directiveName: String(directive) }),
    ...(actor !== undefined && { actor: String(actor) }),
    ...(root !== undefined && { rootId: String(root) }),
    ...timeOf('startedAfter', '--started-after', options['startedAfter']),
    ...timeOf('startedBefore', '--started-before', options['startedBefore']),
  };
}

function oneOf(option: string, text: unknown, known: readonly string[]): string | undefined {
  if (text === undefined) return undefined;
  const found = known.find((each) => each === String(text).toLowerCase());
  if (found) return found.toUpperCase();
  throw usage(`${option} must be one of ${known.join(', ')}, not ${String(text)}`);
}

function timeOf(field: string, option: string, text: unknown): JsonObject {
  if (text === undefined) return {};
  const time = new Date(String(text));
  if (Number.isNaN(time.getTime()))
    throw usage(`${option} must be a time such as 2026-01-31T08:00:00Z`);
  return { [field]: time.toISOString() };
}

/** True when the command selects runs by a filter instead of an id. */
export function isBulk(id: string | undefined, options: Record<string, unknown>): boolean {
  const some = Object.keys(filterOf(options)).length > 0;
  if (id !== undefined && some) throw usage('give either the ID of a run or a filter, not both');
  if (id === undefined && !some) {
    throw usage('give the ID of a run, or a filter such as --directive NAME --status running');
  }
  return id === undefined;
}

/** Prints what an operation would change and, with `--yes`, runs it. */
export async function runBulk(
  session: Session,
  { document, field, verb, variables }: BulkSpec,
  options: Record<string, unknown>,
): Promise<ExitCode> {
  const api = await session.api();
  const filter = filterOf(options);
  const call = async (more: JsonObject): Promise<Outcome> => {
    const data = await api.graphql<Record<string, Outcome>>(document, {
      ...variables,
      filter,
      ...more,
    });
    return data[field]!;
  };
  const preview = await call({ dryRun: true, first: 10, after: null });
  const limit = readCount('--limit', options['limit'], Math.max(1, preview.matched));
  const count = Math.min(limit, preview.matched);
  if (!options['yes']) return showPreview(session, verb, count, preview);
  const total = {
    matched: preview.matched,
    done: [] as Outcome['done'],
    failed: [] as Outcome['failed'],
  };
  for (let after: string | null = null, left = count; left > 0;) {
    const outcome: Outcome = await call({ dryRun: false, first: Math.min(CALL, left), after });
    total.done.push(...outcome.done);
    total.failed.push(...outcome.failed);
    left -= outcome.done.length + outcome.failed.length;
    after = outcome.endCursor;
    if (!outcome.hasNextPage) break;
  }
  for (const { id, message } of total.failed) session.note(`${id}: ${message}`);
  session.result(total, () => `${verb}: ${total.done.length} done, ${total.failed.length} refused`);
  return total.failed.length > 0 ? EXIT.failed : EXIT.done;
}

/** Prints a preview: without `--yes` nothing is changed. */
function showPreview(session: Session, verb: string, count: number, preview: Outcome): ExitCode {
  const { matched, sample } = preview;
  if (matched === 0) {
    session.result({ matched, done: [], failed: [] }, () => `there are no runs to ${verb}`);
    return EXIT.done;
  }
  const rows = sample.slice(0, count).map((run) => runRow(session, run));
  session.note(table(RUN_HEAD, rows, session.columns));
  if (count > rows.length) session.note(`… and ${count - rows.length} more`);
  const hint = `add --yes to ${verb} ${count === 1 ? 'this run' : `these ${count} runs`}`;
  throw new CliError(
    EXIT.usage,
    'not_confirmed',
    `nothing was done: ${verb} would affect ${count} of ${matched} runs`,
    hint,
  );
}

const usage = (message: string) => new CliError(EXIT.usage, 'input_invalid', message);
