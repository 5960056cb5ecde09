import type { Json } from '../../contracts/json/json.js';
import type { Expression } from './runtime/ast.js';
import { FUNCTIONS } from './functions/functions.js';
import type { Machine } from './runtime/machine.js';
import { binary, negate, truth } from './runtime/operators.js';
import { property } from './runtime/values.js';

/** A compiled expression. */
export type Closure = (machine: Machine) => Json;

/** Compiles a syntax tree to closures, so that operators and functions are resolved only once. */
export function toClosure(node: Expression): Closure {
  const run = compile(node);
  return (machine) => {
    machine.step();
    return run(machine);
  };
}

function compile(node: Expression): Closure {
  switch (node.type) {
    case 'literal':
      return () => node.value;
    case 'name':
      return (machine) => machine.scope.lookup(node.name) ?? null;
    case 'index':
      return index(toClosure(node.object), toClosure(node.key));
    case 'unary':
      return unary(node.operator, toClosure(node.operand));
    case 'binary':
      return operation(node, toClosure(node.left), toClosure(node.right));
    case 'logical':
      return logical(node.operator, toClosure(node.left), toClosure(node.right));
    case 'choice':
      return choice(toClosure(node.test), toClosure(node.then), toClosure(node.else));
    case 'list':
      return list(node.items.map(toClosure));
    case 'map':
      return map(node.entries.map(([key, value]) => [key, toClosure(value)]));
    case 'call':
      return call(node.name, node.arguments.map(toClosure));
  }
}

const index =
  (object: Closure, key: Closure): Closure =>
  (machine) =>
    property(machine, object(machine), machine.open(key(machine)));

const unary = (operator: '-' | 'not', operand: Closure): Closure =>
  operator === '-'
    ? (machine) => negate(machine, operand(machine))
    : (machine) => !truth(machine, operand(machine), 'the operand of "not"');

const operation =
  ({ operator }: Expression & { type: 'binary' }, left: Closure, right: Closure): Closure =>
  (machine) =>
    binary(machine, operator, left(machine), right(machine));

function logical(operator: 'and' | 'or', left: Closure, right: Closure): Closure {
  const where = `the operand of "${operator}"`;
  const decided = operator === 'or';
  return (machine) =>
    truth(machine, left(machine), where) === decided
      ? decided
      : truth(machine, right(machine), where);
}

const choice =
  (test: Closure, then: Closure, otherwise: Closure): Closure =>
  (machine) =>
    truth(machine, test(machine), 'the condition before "?"') ? then(machine) : otherwise(machine);

const list =
  (items: Closure[]): Closure =>
  (machine) =>
    items.map((item) => item(machine));

/** Builds a map from entries. Assignment would give a key such as `__proto__` its special meaning. */
const map =
  (entries: [string, Closure][]): Closure =>
  (machine) =>
    Object.fromEntries(entries.map(([key, value]) => [key, value(machine)]));

function call(name: string, given: Closure[]): Closure {
  const { run } = FUNCTIONS[name]!;
  return (machine) =>
    run(
      machine,
      given.map((argument) => machine.open(argument(machine))),
    );
}
