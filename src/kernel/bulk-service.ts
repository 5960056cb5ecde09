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

/** An action that can be applied to many runs at once. */
export type BulkAction = 'cancel' | 'pause' | 'resume' | 'rerun';

/** Selects the runs of a bulk action, and how many of them one call takes. */
export interface BulkRequest {
  filter: ExecutionQuery;
  /** 1 to 500; absent = 100. */
  first?: number | null;
  /** The `endCursor` of the previous call. */
  after?: string | null;
  /** True = change nothing, and return the runs that the action would apply to. */
  dryRun?: boolean | null;
  actor: string;
}

/** A run to which the action was applied; `startedId` is the new run of a re-run, else null. */
export interface BulkDone {
  id: string;
  startedId: string | null;
}

export interface BulkFailure {
  id: string;
  code: string;
  message: string;
}

/** The outcome of one bulk call. */
export interface BulkOutcome {
  dryRun: boolean;
  /** Number of runs behind the cursor that match the filter and that the action is possible for. */
  matched: number;
  done: BulkDone[];
  failed: BulkFailure[];
  /** The first ten of the matching runs. */
  sample: ExecutionRow[];
  endCursor: string | null;
  hasNextPage: boolean;
}

/** Applies the action to one run; returns the id of the run that it started, or null. */
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

/** Applies an action to the runs that match a filter, one page of at most 500 runs in each call. */
export class BulkService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly executions: ExecutionReader,
  ) {}

  /**
   * Applies the action to one page of runs. A run that refuses (MissionError) is listed in `failed`, and the others go on.
   * @throws MissionError `input_invalid` for an empty filter, a bad `first`, or statuses that the action is impossible for
   */
  async run(action: BulkAction, request: BulkRequest, work: BulkWork): Promise<BulkOutcome> {
    const filter = possible(action, request.filter);
    const matched = await this.executions.count(filter, request.after);
    const page = await this.page(filter, request);
    const sample = page.rows.slice(0, SAMPLE);
    const summary = { matched, sample, endCursor: page.endCursor, hasNextPage: page.hasNextPage };
    if (request.dryRun) return { dryRun: true, done: [], failed: [], ...summary };
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
    return { dryRun: false, done, failed, ...summary };
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

  /** Writes the audit row of the bulk action before any run changes. Each run writes an audit row of its own as well. */
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

/** Turns the refusal of a run (MissionError) into data; any other error ends the call. */
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
  const text = `first is ${first}, but one call processes 1 to ${MOST} runs. Pass its endCursor to the next call as "after".`;
  throw new MissionError('input_invalid', text);
}

/** Narrows a filter to the statuses that the action is possible for. */
function possible(action: BulkAction, filter: ExecutionQuery): ExecutionQuery {
  const given = Object.values(filter).some((value) => value !== null && value !== undefined);
  if (!given) {
    throw new MissionError(
      'input_invalid',
      'The filter is empty, which would select all runs. Add a condition.',
    );
  }
  const wanted = filter.status ?? POSSIBLE[action];
  const status = wanted.filter((each) => POSSIBLE[action].includes(each));
  if (status.length > 0) return { ...filter, status };
  const text = `No run can match: ${action} applies to runs that are ${POSSIBLE[action].join(', ')}, not ${wanted.join(', ')}.`;
  throw new MissionError('input_invalid', text);
}
