import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import { describeError } from '../../errors/describe-error.js';

const SUGGESTION = / Did you mean .*\?$/;

/**
 * A GraphQL error as clients may see it. Ours keep code and data; the schema's own (a typo, a bad variable) keep their
 * code, and give no suggestions where the schema is private; everything else is masked.
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

/** Over HTTP an error of validation arrives wrapped, under a code that is the same for all of them. */
function codeOf({ originalError, extensions }: GraphQLError): string {
  const inner =
    originalError instanceof GraphQLError ? originalError.extensions['code'] : undefined;
  const code = inner ?? extensions['code'];
  return typeof code === 'string' ? code : 'GRAPHQL_VALIDATION_FAILED';
}
