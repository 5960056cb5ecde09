import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { audited } from '../platform/database/sql/audited.js';
import { query } from '../platform/database/sql/query.js';
import { literal, sql } from '../platform/database/sql/sql.js';
import { MissionError } from '../contracts/errors.js';
import type { ExecutionStatus } from '../contracts/execution.js';
import type { Json } from '../contracts/json/json.js';
import type { ExecutionQuery, ExecutionReader } from '../observation/readers/execution.reader.js';
import type { ExecutionRow } from '../platform/database/entities/runs/execution.row.js';

/** What can be done with many runs at once. */
export type BulkAction = 'cancel' | 'pause' | 'resume' | 'rerun';

/** Which runs, and how many of them in one call. */
export interface BulkRequest {
  filter: ExecutionQuery;
  /** 1 to 500; absent = 100. */
  first?: number | null;
  /** `endCursor` of the call before. */
  after?: string | null;
  /** Nothing is done: the answer tells what would be. */
  dryRun?: boolean | null;
  actor: string;
}

/** One run that it was done with; of a re-run, the new one. */
export interface BulkDone {
  id: string;
  startedId: string | null;
}

export interface BulkFailure {
  id: string;
  code: string;
  message: string;
}

/** What one call came to. */
export interface BulkOutcome {
  dryRun: boolean;
  /** Runs that the filter meets from the cursor on, and that it can be done with. */
  matched: number;
  done: BulkDone[];
  failed: BulkFailure[];
  /** The first ten of them. */
  sample: ExecutionRow[];
  endCursor: string | null;
  hasNextPage: boolean;
}

/** Does it with one run; answers with the id of the run that was started, if one was. */
export type BulkWork = (id: string) => Promise<string | null>;

const OPEN: ExecutionStatus[] = ['pending', 'running', 'paused'];
const POSSIBLE: Record<BulkAction, ExecutionStatus[]> = {
  cancel: OPEN,
  pause: ['pending', 'running'],
  resume: ['paused'],
  rerun: ['success', 'error', 'cancelled'],
};

const MOST = 500;
const USUAL = 100;
const PAGE = 100;
const SAMPLE = 10;
const AT_ONCE = 8;

/** Does something with every run that a filter meets: so many in a call, and the rest in the next. */
export class BulkService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly executions: ExecutionReader,
  ) {}

  /** A run that refuses does not keep the others from it. */
  async run(action: BulkAction, request: BulkRequest, work: BulkWork): Promise<BulkOutcome> {
    const filter = possible(action, request.filter);
    const matched = await this.executions.count(filter, request.after);
    const page = await this.page(filter, request);
    const sample = page.rows.slice(0, SAMPLE);
    const told = { matched, sample, endCursor: page.endCursor, hasNextPage: page.hasNextPage };
    if (request.dryRun) return { dryRun: true, done: [], failed: [], ...told };
    const ids = page.rows.map(({ id }) => id);
    if (ids.length > 0) await this.audit(action, request, ids);
    const [done, failed]: [BulkDone[], BulkFailure[]] = [[], []];
    for (let at = 0; at < ids.length; at += AT_ONCE) {
      const some = ids.slice(at, at + AT_ONCE).map(async (id) => {
        const answer = await attempt(id, work);
        if ('code' in answer) failed.push(answer);
        else done.push(answer);
      });
      await Promise.all(some);
    }
    return { dryRun: false, done, failed, ...told };
  }

  private async page(filter: ExecutionQuery, { first, after }: BulkRequest) {
    const wanted = lengthOf(first);
    const rows: ExecutionRow[] = [];
    let endCursor = after ?? null;
    for (;;) {
      const length = Math.min(PAGE, wanted - rows.length);
      const page = await this.executions.page(filter, { first: length, after: endCursor });
      rows.push(...page.items.map(({ node }) => node));
      endCursor = page.items.at(-1)?.cursor ?? endCursor;
      const { hasNextPage } = page;
      if (!hasNextPage || rows.length >= wanted) return { rows, endCursor, hasNextPage };
    }
  }

  /** Before anything is done: who wanted what, with which runs. Each has its own row besides. */
  private async audit(action: BulkAction, { filter, actor }: BulkRequest, ids: string[]) {
    const row = audited({
      actor: sql`${actor}::text`,
      action: literal(`executions.${action}`),
      target: sql`${`bulk:${randomUUID()}`}::text`,
      data: sql`${JSON.stringify({ filter: filter as Json, ids })}`,
    });
    await query(this.dataSource, row);
  }
}

/** What is not the runs' own refusal ends the call. */
async function attempt(id: string, work: BulkWork): Promise<BulkDone | BulkFailure> {
  try {
    return { id, startedId: await work(id) };
  } catch (error) {
    if (!(error instanceof MissionError)) throw error;
    return { id, code: error.code, message: error.message };
  }
}

function lengthOf(first: number | null | undefined): number {
  const length = first ?? USUAL;
  if (Number.isInteger(length) && length >= 1 && length <= MOST) return length;
  const text = `first is ${first}; a call takes 1 to ${MOST} runs, and the next goes on from endCursor.`;
  throw new MissionError('input_invalid', text);
}

/** The runs of a filter that it can be done with. */
function possible(action: BulkAction, filter: ExecutionQuery): ExecutionQuery {
  const given = Object.values(filter).some((value) => value !== null && value !== undefined);
  if (!given) {
    throw new MissionError('input_invalid', 'Say which runs: an empty filter would mean all.');
  }
  const wanted = filter.status ?? POSSIBLE[action];
  const status = wanted.filter((each) => POSSIBLE[action].includes(each));
  if (status.length > 0) return { ...filter, status };
  const text = `Nothing can be done: ${action} is for runs that are ${POSSIBLE[action].join(', ')}, not ${wanted.join(', ')}.`;
  throw new MissionError('input_invalid', text);
}
