import type { JsonObject } from '../../../contracts/json/json.js';
import type { ApiClient } from '../../client/api-client.js';
import { filterOf } from './bulk.js';
import { EXIT } from '../../terminal/cli-error.js';
import type { Handler } from '../../client/command-spec.js';
import { DOCUMENTS } from '../../client/documents.js';
import { readCount } from '../../terminal/read-count.js';
import { runRow, RUN_HEAD } from '../../render/run.js';
import { table } from '../../render/table.js';
import type { RunView } from '../../client/views.js';

const PAGE = 100;

interface Page {
  executions: {
    edges: { node: RunView }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
}

/** `mission executions list`. With `--json` one line per run. */
export const listExecutions: Handler = async (session, _args, options) => {
  const limit = readCount('--limit', options['limit'], 20);
  const runs = await fetchRuns(
    await session.api(),
    {
      ...filterOf(options),
      ...(options['shadows'] ? { shadow: true } : {}),
      ...(options['system'] ? { system: true } : {}),
    },
    limit,
  );
  if (session.json) runs.forEach((run) => session.result(run, String));
  else if (runs.length > 0)
    session.result(runs, () =>
      table(
        RUN_HEAD,
        runs.map((run) => runRow(session, run)),
        session.columns,
      ),
    );
  else session.note('no runs');
  return EXIT.done;
};

async function fetchRuns(api: ApiClient, filter: JsonObject, limit: number): Promise<RunView[]> {
  const runs: RunView[] = [];
  for (let after: string | null = null; runs.length < limit;) {
    const first = Math.min(PAGE, limit - runs.length);
    const { executions }: Page = await api.graphql<Page>(DOCUMENTS.runs, { filter, first, after });
    runs.push(...executions.edges.map(({ node }) => node));
    after = executions.pageInfo.endCursor;
    if (!executions.pageInfo.hasNextPage) break;
  }
  return runs;
}
