import type { DataSource } from 'typeorm';
import { KERNEL_ACTOR, type ExecutionStatus, type Trigger } from '../../contracts/execution.js';
import type { ExecutionRow } from '../../platform/database/entities/runs/execution.row.js';
import { countBehind, readPage, type Conditions, type Page, type PageRequest } from './page.js';

/** A filter of runs: all given conditions must hold. */
export interface ExecutionQuery {
  status?: ExecutionStatus[] | null;
  directiveName?: string | null;
  triggeredBy?: Trigger | null;
  actor?: string | null;
  parentId?: string | null;
  rootId?: string | null;
  rerunOf?: string | null;
  /** The recorded run of a shadow run. */
  shadowOf?: string | null;
  /** True = only shadow runs. Without `shadow`, `shadowOf` and `idPrefix`, shadow runs are left out. */
  shadow?: boolean | null;
  /**
   * True = only runs of the platform itself. Without `system`, they are left out, unless the query names a directive, an actor or
   * a run.
   */
  system?: boolean | null;
  ids?: string[] | null;
  /** The beginning of a run's id. */
  idPrefix?: string | null;
  /** True = only runs that no other run started; false = only child runs. */
  isRoot?: boolean | null;
  createdAfter?: Date | null;
  createdBefore?: Date | null;
  startedAfter?: Date | null;
  startedBefore?: Date | null;
}

const CONDITIONS: Record<keyof ExecutionQuery, string> = {
  status: 'status = ANY(?)',
  directiveName: 'directive_name = ?',
  triggeredBy: 'triggered_by = ?',
  actor: 'actor = ?',
  parentId: 'parent_id = ?',
  rootId: 'root_id = ?',
  rerunOf: 'rerun_of = ?',
  shadowOf: 'shadow_of = ?',
  shadow: '(shadow_of IS NOT NULL) = ?',
  system: `(actor = '${KERNEL_ACTOR}') = ?`,
  ids: 'id = ANY(?)',
  idPrefix: 'starts_with(id, ?)',
  isRoot: '(parent_id IS NULL) = ?',
  createdAfter: 'created_at > ?',
  createdBefore: 'created_at < ?',
  startedAfter: 'started_at > ?',
  startedBefore: 'started_at < ?',
};

const SOURCE = {
  table: 'directive_executions',
  keys: [
    { column: 'created_at', type: 'timestamptz' },
    { column: 'id', type: 'text' },
  ],
};

/** Keys with which a query asks for particular runs, so that those of the platform itself belong to the answer. */
const PARTICULAR = [
  'system',
  'directiveName',
  'actor',
  'parentId',
  'rootId',
  'rerunOf',
  'shadowOf',
  'ids',
  'idPrefix',
] as const satisfies (keyof ExecutionQuery)[];

function conditionsOf(wanted: ExecutionQuery): Conditions {
  const real = wanted.shadowOf == null && wanted.shadow == null && wanted.idPrefix == null;
  const query: ExecutionQuery = {
    ...wanted,
    ...(real && { shadow: false }),
    ...(PARTICULAR.every((key) => wanted[key] == null) && { system: false }),
  };
  const given = Object.keys(CONDITIONS) as (keyof ExecutionQuery)[];
  return given
    .filter((key) => query[key] !== undefined && query[key] !== null)
    .map((key) => [CONDITIONS[key], query[key]]);
}

export class ExecutionReader {
  constructor(private readonly dataSource: DataSource) {}

  /** A page of runs, newest first. */
  page(query: ExecutionQuery, request: PageRequest): Promise<Page<ExecutionRow>> {
    return readPage(this.dataSource, SOURCE, conditionsOf(query), request);
  }

  /** The number of matching runs, with `after` only those behind that cursor. */
  count(query: ExecutionQuery, after?: string | null): Promise<number> {
    return countBehind(this.dataSource, SOURCE, conditionsOf(query), after ?? null);
  }

  async find(id: string): Promise<ExecutionRow | null> {
    const [row] = await this.dataSource.query<ExecutionRow[]>(
      'SELECT * FROM directive_executions WHERE id = $1',
      [id],
    );
    return row ?? null;
  }

  /** The number of runs in each status, without shadow runs. */
  counts(): Promise<{ status: ExecutionStatus; count: number }[]> {
    return this.dataSource.query(
      `SELECT status, count(*)::float8 AS count FROM directive_executions
       WHERE shadow_of IS NULL GROUP BY status ORDER BY status`,
    );
  }
}
