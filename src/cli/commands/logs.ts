import { once } from 'node:events';
import type { ApiClient } from '../client/api-client.js';
import { CliError, EXIT } from '../terminal/cli-error.js';
import type { Handler } from '../client/command-spec.js';
import { DOCUMENTS } from '../client/documents.js';
import { openFeed } from '../client/feed.js';
import { readCount } from '../terminal/read-count.js';
import { LEVEL_COLOURS, logLine } from '../render/log.js';
import type { Session } from '../client/session.js';
import type { LogView } from '../client/views.js';

type Filter = { executionId: string | null; level: string | null };

const PAGE = 100;

/** `mission logs`: oldest first. With `--json` one line per entry. */
export const showLogs: Handler = async (session, _args, { execution, level, limit, follow }) => {
  const filter = { executionId: (execution as string) ?? null, level: levelOf(level) };
  const most = readCount('--limit', limit, PAGE);
  const api = await session.api();
  const write = writer(session);
  (await fetchLogs(api, filter, most)).forEach(write);
  if (follow) await tail(session, api, filter, most, write);
  return EXIT.done;
};

/** Returns a function that prints each entry once. */
function writer(session: Session): (entry: LogView) => void {
  const seen = new Set<string>();
  return (entry) => {
    if (seen.has(entry.id)) return;
    seen.add(entry.id);
    session.result(entry, () => logLine(session, entry));
  };
}

async function tail(
  session: Session,
  api: ApiClient,
  filter: Filter,
  most: number,
  write: (entry: LogView) => void,
): Promise<void> {
  const signal = session.interruption();
  const catchUp = () =>
    void fetchLogs(api, filter, most).then(
      (found) => found.forEach(write),
      () => undefined,
    );
  const feed = openFeed(api.connection, catchUp);
  const completed = new Promise<void>((complete) =>
    feed.subscribe<{ logAdded: LogView }>(DOCUMENTS.logAdded, filter, {
      data: ({ logAdded }) => write(logAdded),
      complete,
    }),
  );
  if (!signal.aborted) await Promise.race([once(signal, 'abort'), completed]);
  feed.close();
}

/** Fetches the newest entries and returns them oldest first. */
async function fetchLogs(api: ApiClient, filter: Filter, most: number): Promise<LogView[]> {
  type Page = {
    logs: {
      edges: { node: LogView }[];
      pageInfo: { hasNextPage: boolean; endCursor: string | null };
    };
  };
  const found: LogView[] = [];
  for (let after: string | null = null; found.length < most;) {
    const first = Math.min(PAGE, most - found.length);
    const { logs }: Page = await api.graphql<Page>(DOCUMENTS.logs, { ...filter, first, after });
    found.push(...logs.edges.map(({ node }) => node));
    after = logs.pageInfo.endCursor;
    if (!logs.pageInfo.hasNextPage) break;
  }
  return found.reverse();
}

function levelOf(level: unknown): string | null {
  if (level === undefined) return null;
  const upper = String(level).toUpperCase();
  if (upper in LEVEL_COLOURS) return upper;
  throw new CliError(
    EXIT.usage,
    'input_invalid',
    `--level must be one of debug, info, warn, error, not ${level}`,
  );
}
