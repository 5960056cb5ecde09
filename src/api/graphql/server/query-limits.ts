import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import {
  GraphQLError,
  NoSchemaIntrospectionCustomRule,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';
import { costLimitRule } from './cost-limit.rule.js';

/** Reports each violation among the other validation errors, as `too_large`; graphql-armor would throw it as a syntax error. */
const reported = {
  propagateOnRejection: false,
  onReject: [
    (context: ValidationContext | null, { message }: GraphQLError) =>
      context?.reportError(
        new GraphQLError(message.replace('Syntax Error: ', ''), {
          extensions: { code: 'too_large' },
        }),
      ),
  ],
};

/** Upper bound on the tokens of one document, which also bounds the depth of the parser. */
export const MAX_TOKENS = 2_000;
const MAX_DEPTH = 12;
/** Upper bound on the depth with introspection: the standard introspection query has 21 levels. */
const MAX_INTROSPECTION_DEPTH = 24;
const MAX_ALIASES = 15;

/** The limits of queries, over HTTP and on sockets. */
export const queryRules = (introspection: boolean): ValidationRule[] => [
  maxDepthRule({ n: MAX_DEPTH, ignoreIntrospection: true, ...reported }) as ValidationRule,
  maxDepthRule({
    n: MAX_INTROSPECTION_DEPTH,
    ignoreIntrospection: false,
    ...reported,
  }) as ValidationRule,
  maxAliasesRule({ n: MAX_ALIASES, ...reported }) as ValidationRule,
  costLimitRule,
  ...(introspection ? [] : [NoSchemaIntrospectionCustomRule]),
];
