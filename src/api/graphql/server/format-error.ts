import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import { describeError } from '../../errors/describe-error.js';

const SUGGESTION = / Did you mean .*\?$/;

/**
 * Formats an error for clients. MissionErrors keep code and data. GraphQL's own errors (a typo, a bad variable) keep their
 * code, but lose suggestions of names when the schema is private. All other errors are masked.
 */
export function formatError(
  error: GraphQLError,
  schemaIsOpen: boolean,
  log: Logger,
): GraphQLFormattedError {
  const { locations, path } = error.toJSON();
  const where = { ...(locations && { locations }), ...(path && { path }) };
  if (error.originalError && !(error.originalError instanceof GraphQLError)) {
    const { code, message, data, correlation_id } = describeError(error.originalError, log);
    return {
      message,
      ...where,
      extensions: { code, ...(data !== undefined && { data }), correlation_id },
    };
  }
  const message = schemaIsOpen ? error.message : error.message.replace(SUGGESTION, '');
  return { message, ...where, extensions: { code: codeOf(error) } };
}

/** The code of an error. Over HTTP a validation error is wrapped in another one with a generic code, so the inner code comes first. */
function codeOf({ originalError, extensions }: GraphQLError): string {
  const inner =
    originalError instanceof GraphQLError ? originalError.extensions['code'] : undefined;
  const code = inner ?? extensions['code'];
  return typeof code === 'string' ? code : 'GRAPHQL_VALIDATION_FAILED';
}
