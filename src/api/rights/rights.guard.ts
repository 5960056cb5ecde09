import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { PermissionLog } from '../../access/permissions/permission-log.js';
import type { Principal } from '../../access/principal.js';
import { may } from '../../access/rights.js';
import { MissionError } from '../../contracts/errors.js';
import type { PermissionCheck } from '../../contracts/run/permission-check.js';
import { POLICY, type Policy } from './requires.decorator.js';

/** Denies every call, unless its principal has the right that the handler requires, or the handler is public. */
@Injectable()
export class RightsGuard implements CanActivate {
  constructor(@Inject(PermissionLog) private readonly log: PermissionLog) {}

  canActivate(context: ExecutionContext): boolean {
    const policy = Reflect.getMetadata(POLICY, context.getHandler()) as Policy | undefined;
    if (policy === 'public') return true;
    const principal = principalOf(context);
    if (!principal) throw new MissionError('unauthenticated', 'Send an API key.');
    if (policy !== undefined && may(principal, policy)) return true;
    this.log.add(refusalOf(principal, context, policy ?? null));
    throw new MissionError('permission_denied', `This key lacks the right ${policy ?? '(none)'}.`);
  }
}

const refusalOf = (
  { actor, readOnly }: Principal,
  context: ExecutionContext,
  permission: string | null,
): PermissionCheck => ({
  actor,
  action: 'request',
  target: `${context.getType<string>()}:${context.getHandler().name}`,
  permission,
  allowed: false,
  refused_by: 'speaker',
  chain: [{ link: 'speaker', name: actor, run_id: null, allows: false }],
  reason: readOnly
    ? `This key of ${actor} may only read: use another one.`
    : `The role or the key of ${actor} does not include it: add it with mission roles set, or use another key.`,
});

/** The principal of the GraphQL context (a resolver's third argument) or of the request (a route's first argument). */
function principalOf(context: ExecutionContext): Principal | undefined {
  const graphql = context.getType<string>() === 'graphql';
  const carrier = context.getArgByIndex<{ principal?: Principal } | undefined>(graphql ? 2 : 0);
  return carrier?.principal;
}
