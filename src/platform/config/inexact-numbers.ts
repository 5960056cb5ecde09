import { type Document, visit } from 'yaml';
import { type NumberProblem, numberProblem } from '../../contracts/json/number-problem.js';

/** A number of a YAML file that its value does not hold, and where it stands, in UTF-16 units. */
export interface InexactNumber extends NumberProblem {
  offset: number;
}

/** The numbers of a document that their values do not hold. */
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
