import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { GraphqlContext } from './graphql-context.js';

/** Injects the principal of the verified key. */
export const Caller = createParamDecorator(
  (_data: unknown, context: ExecutionContext) => context.getArgByIndex<GraphqlContext>(2).principal,
);

/** Injects the actor of the verified key. */
export const Actor = createParamDecorator(
  (_data: unknown, context: ExecutionContext) =>
    context.getArgByIndex<GraphqlContext>(2).principal.actor,
);
