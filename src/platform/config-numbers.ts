import { type Document, visit } from 'yaml';
import { numberProblem } from '../contracts/number-problem.js';
import type { ConfigFault } from './config-fault.js';

/** A fault for each number of the operator's file that its value does not hold. `at` tells where an offset is. */
export function numberFaults(document: Document, at: (offset: number) => string): ConfigFault[] {
  const faults: ConfigFault[] = [];
  visit(document, {
    Scalar(_, { value, source = '', range }) {
      const problem = typeof value === 'number' && /\d/.test(source) && numberProblem(source);
      if (problem)
        faults.push({ where: at(range![0]), message: problem.message, hint: 'Correct it' });
    },
  });
  return faults;
}
