import {
  GraphQLError,
  parse,
  specifiedRules,
  validate,
  type ExecutionArgs,
  type GraphQLSchema,
} from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import { MissionError } from '../../../contracts/errors.js';
import { checkNesting, checkNumbers } from '../../http/body.js';
import type { GraphqlContext } from '../schema/graphql-context.js';
import { MAX_TOKENS, queryRules } from './query-limits.js';

/**
 * Converts a socket's `subscribe` message to the arguments of an execution, or to the errors that refuse it. `text` is
 * the text of the message, in which the numbers of the variables are checked before they are rounded.
 */
export function socketOperation(
  schema: GraphQLSchema,
  introspection: boolean,
  contextValue: GraphqlContext,
): (
  payload: SubscribePayload,
  text: { toString(): string },
) => ExecutionArgs | readonly GraphQLError[] {
  const limits = queryRules(introspection);
  return ({ query, variables, operationName }, text) => {
    try {
      checkVariables(variables);
      checkNumbers(text, variables);
      const document = parse(query, { maxTokens: MAX_TOKENS });
      // The limits are checked first, because the other rules would take long for a document that is too large.
      const excess = validate(schema, document, limits);
      const errors = excess.length > 0 ? excess : validate(schema, document, specifiedRules);
      if (errors.length > 0) return errors;
      return { schema, document, variableValues: variables, operationName, contextValue };
    } catch (error) {
      return [error instanceof GraphQLError ? error : wrapped(error as Error)];
    }
  };
}

const wrapped = (originalError: Error) =>
  new GraphQLError(originalError.message, { originalError });

function checkVariables(variables: unknown): void {
  if (variables === undefined) return;
  checkNesting(Buffer.from(textOf(variables)));
}

/** Very deep values can be parsed, but JSON.stringify throws for them. */
function textOf(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    throw new MissionError('input_invalid', 'The variables are nested too deeply. Flatten them.');
  }
}
