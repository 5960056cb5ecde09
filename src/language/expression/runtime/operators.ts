import { isObject, type Json } from '../../../contracts/json/json.js';
import type { BinaryOperator } from './ast.js';
import { Fault } from './fault.js';
import type { Machine } from './machine.js';
import { compareText, equal, show } from './values.js';

/** Applies a binary operator to two values. @throws Fault */
export function binary(machine: Machine, operator: BinaryOperator, left: Json, right: Json): Json {
  if (operator === '==') return equal(machine, left, right);
  if (operator === '!=') return !equal(machine, left, right);
  const [a, b] = [machine.open(left), machine.open(right)];
  if (operator === 'in') return contains(machine, b, a);
  if (operator === 'not in') return !contains(machine, b, a);
  if (operator === '+' && typeof a === 'string' && typeof b === 'string') {
    machine.charge(a.length + b.length);
    return a + b;
  }
  if (operator[0] === '<' || operator[0] === '>') return order(operator, a, b);
  return arithmetic(operator, a, b);
}

function order(operator: string, a: Json, b: Json): boolean {
  const sign = compare(a, b, operator);
  if (operator === '<') return sign < 0;
  if (operator === '<=') return sign <= 0;
  return operator === '>' ? sign > 0 : sign >= 0;
}

function compare(a: Json, b: Json, operator: string): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  throw new Fault(
    `${show(a)} ${operator} ${show(b)}: only two numbers or two strings have an order`,
  );
}

function arithmetic(operator: string, a: Json, b: Json): number {
  if (typeof a !== 'number' || typeof b !== 'number') {
    const wanted = operator === '+' ? 'two numbers or two strings' : 'two numbers';
    throw new Fault(`${show(a)} ${operator} ${show(b)}: needs ${wanted}`);
  }
  if (b === 0 && (operator === '/' || operator === '%')) {
    throw new Fault(`${show(a)} ${operator} 0: division by zero`);
  }
  return finite(compute(operator, a, b), `${a} ${operator} ${b}`);
}

function compute(operator: string, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    default:
      return a % b;
  }
}

/** Rejects infinity and NaN and converts minus zero to zero, because JSON has neither. @throws Fault */
export function finite(value: number, what: string): number {
  if (!Number.isFinite(value)) throw new Fault(`${what} is not a finite number`);
  return value === 0 ? 0 : value;
}

/** The operator `in`: member of a list, key of a map, or part of a string. Null contains nothing. */
export function contains(machine: Machine, whole: Json, part: Json): boolean {
  if (whole === null) return false;
  if (Array.isArray(whole)) return whole.some((item) => equal(machine, item, part));
  if (isObject(whole)) return typeof part === 'string' && Object.hasOwn(whole, part);
  if (typeof whole === 'string' && typeof part === 'string') {
    paySearch(machine, whole, part);
    return whole.includes(part);
  }
  throw new Fault(`${show(part)} in ${show(whole)}: needs a list, a map, or two strings`);
}

/** Converts a condition to a boolean; null is false. @throws Fault for other types */
export function truth(machine: Machine, held: Json, where: string): boolean {
  const value = machine.open(held);
  if (value === null) return false;
  if (typeof value === 'boolean') return value;
  throw new Fault(`${where} must be true or false, but is ${show(value)}`);
}

/** Applies unary minus. @throws Fault */
export function negate(machine: Machine, held: Json): number {
  const value = machine.open(held);
  if (typeof value !== 'number') throw new Fault(`-${show(value)}: needs a number`);
  return value === 0 ? 0 : -value;
}

/** Charges a text search at its worst case, in which every character is compared with every other. */
export function paySearch(machine: Machine, whole: string, part: string): void {
  machine.step(1 + Math.ceil((whole.length * part.length) / 1024));
}
