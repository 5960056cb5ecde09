import { type Document, visit } from 'yaml';
import { type NumberProblem, numberProblem } from '../../contracts/json/number-problem.js';

/**
 * A number in a YAML file that a double cannot hold, with its position in
 * UTF-16 units.
 */
export interface InexactNumber extends NumberProblem {
  offset: number;
}

/** Finds the numbers of a document that a double cannot hold. */
export function inexactNumbers(document: Document): InexactNumber[] {
  const found: InexactNumber[] = [];
  visit(document, {
    Scalar(_, { value, source = '', range }) {
      const problem = typeof value === 'number' && /\d/.test(source) && numberProblem(source);
      if (problem) found.push({ ...problem, offset: range![0] });
    },
  });
  return found;
}
