import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { GraphQLError } from 'graphql';
import type { Logger } from 'pino';
import type { AuthenticatedRequest } from '../../http/authenticate.js';
import type { ApiSettings } from '../../shared/api-settings.js';
import { formatError } from './format-error.js';
import type { GraphqlContext } from '../schema/graphql-context.js';
import { MAX_TOKENS, queryRules } from './query-limits.js';

/** The options of GraphQL over HTTP. Sockets are served by `SocketServer`, which applies the same limits. */
export const graphqlOptions = (
  { introspection }: ApiSettings,
  log: Logger,
): ApolloDriverConfig => ({
  driver: ApolloDriver,
  path: '/graphql',
  autoSchemaFile: true,
  sortSchema: true,
  graphiql: false,
  introspection,
  hideSchemaDetailsFromClientErrors: !introspection,
  validationRules: queryRules(introspection),
  parseOptions: { maxTokens: MAX_TOKENS },
  // A browser never adds a key by itself, so a request with a key is not forged (CSRF) and may be a simple GET.
  csrfPrevention: {
    requestHeaders: ['authorization', 'x-apollo-operation-name', 'apollo-require-preflight'],
  },
  allowBatchedHttpRequests: false,
  persistedQueries: false,
  includeStacktraceInErrorResponses: false,
  autoTransformHttpErrors: false,
  context: ({ req }: { req: AuthenticatedRequest }): GraphqlContext => ({
    principal: req.principal!,
  }),
  formatError: (formatted, error) =>
    error instanceof GraphQLError ? formatError(error, introspection, log) : formatted,
});
