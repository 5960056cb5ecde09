import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import {
  GraphQLError,
  NoSchemaIntrospectionCustomRule,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';
import { costLimitRule } from './cost-limit.rule.js';

/** The armor's rules call each excess a syntax error and throw it; here it is reported among the other errors. */
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

/** Tokens of one document; bounds the parser's depth too. */
export const MAX_TOKENS = 2_000;
const MAX_DEPTH = 12;
/** Of everything, introspection included: the query by which clients read the whole schema has 21 levels. */
const MAX_INTROSPECTION_DEPTH = 24;
const MAX_ALIASES = 15;

/** What a query must keep to, over HTTP and on the socket alike. */
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
