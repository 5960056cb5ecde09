import { permits, type Permissions } from '../contracts/permission.js';
import type { ChainLink, PermissionCheck } from '../contracts/run/permission-check.js';

/** The parts of a start that say who may begin it. */
interface Starting {
  actor: string;
  rights?: Permissions;
  parent?: { id: string; directive: string };
  thread?: { id: string; answer?: unknown };
}

/** Who allows a start that is not refused, as it is recorded with the run. */
export function startCheck(request: Starting): { chain: string; reason: string } {
  const { actor, parent } = request;
  const speaker: ChainLink = { link: 'speaker', name: actor, run_id: null, allows: true };
  const above = parent && { name: parent.directive, run_id: parent.id, allows: true };
  const chain: ChainLink[] = above ? [speaker, { link: 'parent', ...above }] : [speaker];
  return { chain: JSON.stringify(chain), reason: reasonOf(request) };
}

function reasonOf({ actor, rights, parent, thread }: Starting): string {
  if (parent) return `The directive ${parent.directive}, which runs it, may run it.`;
  if (thread?.answer) return `The conversation ${thread.id} was opened with the right to it.`;
  if (rights == null) return `${actor} may do everything.`;
  return `The role or the key of ${actor} includes it.`;
}

/** The refusal of a start; undefined = it is allowed. A key may name the directives that it starts: `execute:directives:deploy_*`. */
export function refusedStart(
  { actor, rights, thread }: Starting,
  directive: string,
): (PermissionCheck & { permission: string }) | undefined {
  const permission = `execute:directives:${directive}`;
  // A conversation was opened with the right to it.
  if (rights === undefined || thread?.answer || permits(rights, permission)) return undefined;
  return {
    actor,
    action: 'start',
    target: `directive:${directive}`,
    permission,
    allowed: false,
    refused_by: 'speaker',
    chain: [{ link: 'speaker', name: actor, run_id: null, allows: false }],
    reason: `The role or the key of ${actor} does not include it: add it with mission roles set, or use a key with --right ${permission}.`,
  };
}
