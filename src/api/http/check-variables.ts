import type { RequestHandler } from 'express';
import { checkNesting, checkNumbers } from './body.js';

/** Holds the variables of a query by GET to what a body is held to. Text that is no JSON is left to GraphQL. */
export const checkVariables: RequestHandler = ({ query: { variables } }, _response, next) => {
  if (typeof variables === 'string') check(variables);
  next();
};

function check(text: string): void {
  checkNesting(Buffer.from(text));
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return;
  }
  checkNumbers(text, parsed);
}
