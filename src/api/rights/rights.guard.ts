import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Principal } from '../../access/principal.js';
import { may } from '../../access/rights.js';
import { MissionError } from '../../contracts/errors.js';
import { POLICY, type Policy } from './requires.decorator.js';

/** Denies every call, unless its principal has the right that the handler requires, or the handler is public. */
@Injectable()
export class RightsGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const policy = Reflect.getMetadata(POLICY, context.getHandler()) as Policy | undefined;
    if (policy === 'public') return true;
    const principal = principalOf(context);
    if (!principal) throw new MissionError('unauthenticated', 'Send an API key.');
    if (policy !== undefined && may(principal, policy)) return true;
    throw new MissionError('permission_denied', `This key lacks the right ${policy ?? '(none)'}.`);
  }
}

/** The principal of the GraphQL context (a resolver's third argument) or of the request (a route's first argument). */
function principalOf(context: ExecutionContext): Principal | undefined {
  const graphql = context.getType<string>() === 'graphql';
  const carrier = context.getArgByIndex<{ principal?: Principal } | undefined>(graphql ? 2 : 0);
  return carrier?.principal;
}
