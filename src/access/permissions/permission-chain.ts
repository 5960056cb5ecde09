import type { DataSource } from 'typeorm';
import { denialOf, permits, type Permissions } from '../../contracts/permission.js';
import type { ChainLink } from '../../contracts/run/permission-check.js';
import { stepRightsOf } from '../../contracts/run/run-rights.js';

interface Generation {
  id: string;
  directive_name: string;
  actor: string;
  rights: string[] | null;
  permissions: string[] | null;
}

/** A run and those above it, the uppermost first. */
const GENERATIONS = `WITH RECURSIVE up AS (
    SELECT id, parent_id, directive_name, actor, rights, plan_hash, 0 AS height FROM directive_executions WHERE id = $1
    UNION ALL SELECT e.id, e.parent_id, e.directive_name, e.actor, e.rights, e.plan_hash, up.height + 1
      FROM directive_executions e JOIN up ON e.id = up.parent_id WHERE up.height < 100)
  SELECT up.id, up.directive_name, up.actor, up.rights, p.plan->'permissions' AS permissions
  FROM up JOIN directive_plans p ON p.hash = up.plan_hash ORDER BY up.height DESC`;

/** What each link of a run's chain says to a right; empty when there is no such run. */
export async function chainOf(
  dataSource: DataSource,
  runId: string,
  right: string,
): Promise<ChainLink[]> {
  const generations = await dataSource.query<Generation[]>(GENERATIONS, [runId]);
  const own = generations.at(-1);
  if (!own) return [];
  const speaker = { link: 'speaker', name: own.actor, run_id: null } as const;
  const directives = generations.map(({ id, directive_name: name, permissions }) => ({
    link: id === own.id ? ('directive' as const) : ('parent' as const),
    name,
    run_id: id,
    ...judged(permissions, right),
  }));
  return [{ ...speaker, ...judged(stepRightsOf(own.rights), right) }, ...directives];
}

/** The link that refuses: the first that does not allow the right. */
export const refusingLink = (chain: readonly ChainLink[]): ChainLink | undefined =>
  chain.find(({ allows }) => !allows);

function judged(tags: Permissions, right: string): Pick<ChainLink, 'allows' | 'denied_by'> {
  const denied_by = denialOf(tags, right);
  return { allows: permits(tags, right), ...(denied_by !== undefined && { denied_by }) };
}
