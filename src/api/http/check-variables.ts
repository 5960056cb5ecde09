import type { RequestHandler } from 'express';
import { checkNesting, checkNumbers } from './body.js';

/** Checks the variables of a GET query as a body is checked. Text that is not JSON is refused by GraphQL itself. */
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
