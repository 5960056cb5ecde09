import type { DataSource } from 'typeorm';
import type { ExecutionStatus } from '../../contracts/execution.js';
import type { Plan } from '../../contracts/plan.js';

/** The live runs that are pinned to one Plan. */
export interface LivePlan {
  hash: string;
  name: string;
  directive_version: string;
  plan: Plan;
  runs: number;
  statuses: Partial<Record<ExecutionStatus, number>>;
}

/** The live runs of one Plan that wait at a step. */
export interface LiveWait {
  plan_hash: string;
  step: string;
  kind: string;
  runs: number;
}

const LIVE = `('pending', 'running', 'paused')`;
/** Upper bound on the Plans that are read, because each may have a megabyte. */
const MAX_PLANS = 200;

const PLANS = `SELECT p.hash, p.name, p.directive_version, p.plan, l.runs, l.statuses
  FROM (SELECT plan_hash, sum(runs)::int AS runs, json_object_agg(status, runs) AS statuses
    FROM (SELECT plan_hash, status, count(*)::int AS runs FROM directive_executions
      WHERE status IN ${LIVE} GROUP BY plan_hash, status) each GROUP BY plan_hash) l
  JOIN directive_plans p ON p.hash = l.plan_hash
  WHERE $1::text IS NULL OR p.name = $1 OR position($2 IN p.plan::text) > 0
  ORDER BY p.name = $1 DESC, p.name, p.created_at LIMIT ${MAX_PLANS}`;

const WAITS = `SELECT e.plan_hash, s.name AS step, s.kind, count(DISTINCT e.id)::int AS runs
  FROM directive_executions e JOIN execution_steps s ON s.run_id = e.id AND s.status = 'waiting'
  WHERE e.directive_name = $1 AND e.status IN ${LIVE}
  GROUP BY e.plan_hash, s.name, s.kind ORDER BY s.name`;

const OTHER_PLANS = `SELECT count(*)::int AS plans FROM directive_plans
  WHERE name = $1 AND directive_version = $2 AND hash <> $3`;

/** Reads live runs, grouped by the Plans that they are pinned to. */
export class LiveRunReader {
  constructor(private readonly dataSource: DataSource) {}

  /** The Plans of a directive and of directives that run it; null = of every directive. At most 200. */
  plans(name: string | null): Promise<LivePlan[]> {
    return this.dataSource.query(PLANS, [name, `"directive":${JSON.stringify(name)}`]);
  }

  /** The steps at which runs of a directive wait. */
  waits(name: string): Promise<LiveWait[]> {
    return this.dataSource.query(WAITS, [name]);
  }

  /** True when a Plan with another hash is stored under the same name and version. */
  async isReused(name: string, version: string, hash: string): Promise<boolean> {
    const [row] = await this.dataSource.query<{ plans: number }[]>(OTHER_PLANS, [
      name,
      version,
      hash,
    ]);
    return row!.plans > 0;
  }
}
