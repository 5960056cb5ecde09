import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import {
  NoSchemaIntrospectionCustomRule,
  type GraphQLError,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';
import { costLimitRule } from './cost-limit.rule.js';

/** How the armor's rules report: among the other errors, and not by throwing. */
const reported = {
  propagateOnRejection: false,
  onReject: [
    (context: ValidationContext | null, error: GraphQLError) => context?.reportError(error),
  ],
};

/** Tokens of one document; bounds the parser's depth too. */
export const MAX_TOKENS = 2_000;
const MAX_DEPTH = 12;
const MAX_ALIASES = 15;

/** What a query must keep to, over HTTP and on the socket alike. */
export const queryRules = (introspection: boolean): ValidationRule[] => [
  maxDepthRule({ n: MAX_DEPTH, ...reported }) as ValidationRule,
  maxAliasesRule({ n: MAX_ALIASES, ...reported }) as ValidationRule,
  costLimitRule,
  ...(introspection ? [] : [NoSchemaIntrospectionCustomRule]),
];
