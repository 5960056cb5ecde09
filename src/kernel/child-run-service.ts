import type { DataSource } from 'typeorm';
import type { Decisions } from '../access/permissions/decisions.js';
import { isObject, type JsonObject } from '../contracts/json/json.js';
import { narrow } from '../contracts/permission.js';
import { requireRight } from '../contracts/require-right.js';
import type { Limits, Plan } from '../contracts/plan.js';
import type { RunBounds } from '../contracts/run/spent.js';
import type { SpawnRequest, Spawned } from '../contracts/run/child.js';
import { CALLS } from '../language/definition/calls.js';
import type { Blobs } from '../runs/values/blobs.js';
import type { Executor } from './execute.js';

interface KnownChild {
  id: string;
  bounds: RunBounds;
  ended: boolean;
}

const KNOWN = `SELECT id, bounds, completed_at IS NOT NULL AS ended FROM directive_executions
  WHERE actor = $1 AND idempotency_key = $2`;

/** Accepts child runs, within the rights and limits that their parents leave them. */
export class ChildRunService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly executor: Pick<Executor, 'start'>,
    private readonly blobs: Pick<Blobs, 'resolve'>,
    private readonly decisions: Pick<Decisions, 'explained'>,
  ) {}

  /**
   * Starts a child run. A repetition for the same attempt of the same step returns the same child, even if its directive
   * has changed or gone since.
   * @throws MissionError `permission_denied` when the parent may not run the directive
   */
  async spawn(request: SpawnRequest): Promise<Spawned> {
    const { run, directive, range, bounds } = request;
    const key = `child:${run.id}:${request.path}:${request.iteration}:${request.attempt}`;
    const known = await this.known(run.actor, key);
    if (known) return known;
    const right = `${CALLS.directive.right}:${directive}`;
    await this.require(bounds, right, request);
    const inputs = await this.blobs.resolve(request.inputs);
    await this.executor.start({
      directive,
      ...(range === undefined ? {} : { range }),
      inputs: isObject(inputs) ? inputs : ({} as JsonObject),
      idempotencyKey: key,
      actor: run.actor,
      triggeredBy: 'parent',
      parent: {
        id: run.id,
        directive: run.directive,
        boundsOf: (plan) => boundsWithin(bounds, plan),
      },
    });
    return (await this.known(run.actor, key))!;
  }

  private async require(
    { permissions }: RunBounds,
    right: string,
    { directive, run, path, iteration }: SpawnRequest,
  ): Promise<void> {
    try {
      requireRight(permissions, right, `A step that runs ${directive}`);
    } catch (thrown) {
      throw await this.decisions.explained({ run, path, iteration }, thrown);
    }
  }

  private async known(actor: string, key: string): Promise<Spawned | undefined> {
    const [row] = await this.dataSource.query<KnownChild[]>(KNOWN, [actor, key]);
    return row && { id: row.id, limits: row.bounds.limits, ended: row.ended };
  }
}

/** The limits and rights of a child: those of its own Plan, within those that its parent leaves. */
const boundsWithin = (outer: RunBounds, { limits, permissions }: Plan): RunBounds => ({
  limits: lesser(outer.limits, limits),
  permissions: narrow(outer.permissions, permissions),
  deadline_ms: outer.deadline_ms,
});

/** The lesser of each limit. The duration is the child's own, because it counts from the child's start; `deadline_ms` bounds the rest. */
function lesser(outer: Limits, own: Limits): Limits {
  const names = Object.keys({ ...outer, ...own }) as (keyof Limits)[];
  const pairs = names.map((name) => [
    name,
    Math.min(outer[name] ?? Infinity, own[name] ?? Infinity),
  ]);
  return { ...Object.fromEntries(pairs), duration_seconds: own.duration_seconds } as Limits;
}
