import type { BinaryOperator } from '../expression/runtime/ast.js';
import { BOOLEAN, type Kind, maybe, NEVER, NUMBER, STRING, type Type, union } from './type.js';

/** True if an operator accepts two values of these kinds. */
export function takes(operator: BinaryOperator, left: Kind, right: Kind): boolean {
  switch (operator) {
    case '==':
    case '!=':
      return true;
    case 'in':
    case 'not in':
      return (
        ['null', 'array', 'object'].includes(right) || (left === 'string' && right === 'string')
      );
    case '-':
    case '*':
    case '/':
    case '%':
      return left === 'number' && right === 'number';
    case '+':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return left === right && (left === 'number' || left === 'string');
  }
}

/** Describes in words what the operator needs. */
export function needs(operator: BinaryOperator): string {
  if (operator === 'in' || operator === 'not in') return 'a list, a map or two strings';
  return takes(operator, 'string', 'string') ? 'two numbers or two strings' : 'two numbers';
}

/** Result type of the operator, if it does not fail. */
export function outcome(operator: BinaryOperator, left: Type, right: Type): Type {
  if (operator === '-' || operator === '*' || operator === '/' || operator === '%') return NUMBER;
  if (operator !== '+') return BOOLEAN;
  const both = (kind: Kind): boolean => left.kinds.includes(kind) && right.kinds.includes(kind);
  const [numbers, texts] = [both('number') ? NUMBER : NEVER, both('string') ? STRING : NEVER];
  const result = union(numbers, texts);
  return result === numbers || result === texts ? result : maybe(result);
}
