import { MissionError } from '../../contracts/errors.js';
import type { Json } from '../../contracts/json/json.js';
import { cached } from './runtime/cache.js';
import { toClosure, type Closure } from './closures.js';
import { Fault } from './runtime/fault.js';
import { Machine } from './runtime/machine.js';
import { NeedsValue } from './runtime/needs-value.js';
import { parseExpression } from './parser.js';
import { referencesOf } from './references.js';
import type { EvaluationScope } from './runtime/scope.js';
import { ExpressionSyntaxError } from './syntax-error.js';
import { measure, property, show } from './runtime/values.js';

interface Compiled {
  run: Closure;
  /** Static paths that the expression reads. */
  paths: string[][];
  /** True = the expression can create a new value, whose size must be checked; a path only returns an existing one. */
  makes: boolean;
}

const compiled = cached((source): Compiled => {
  const tree = parseExpression(source);
  const paths = referencesOf(tree).map(({ path }) => path);
  return { run: toClosure(tree), paths, makes: !['name', 'index', 'literal'].includes(tree.type) };
});

/**
 * Evaluates one expression (without braces). It always ends: exceeding the budget of steps or size is an error.
 * @throws MissionError `expression_error` that shows the expression and its values
 * @throws NeedsValue when it must look inside a value by reference that `deref` cannot supply
 */
export function evaluate(expression: string, scope: EvaluationScope): Json {
  return evaluateWith(new Machine(scope), expression);
}

/** Evaluates one expression under a budget that it shares with others. Throws like {@link evaluate}. */
export function evaluateWith(machine: Machine, expression: string): Json {
  const failing = (error: unknown): never => fail(error, expression, machine.scope);
  const { run, makes } = attempt(() => compiled(expression), failing);
  return attempt(() => {
    const result = run(machine);
    if (makes) measure(machine, result);
    return result;
  }, failing);
}

/** Runs a part of an evaluation and converts its failure. */
function attempt<T>(work: () => T, failing: (error: unknown) => never): T {
  try {
    return work();
  } catch (error) {
    return failing(error);
  }
}

function fail(error: unknown, expression: string, scope: EvaluationScope): never {
  if (error instanceof ExpressionSyntaxError) {
    const hint = error.hint ? ` (${error.hint})` : '';
    throw new MissionError(
      'expression_error',
      `${error.message} in {{ ${shorten(expression)} }}${hint}`,
    );
  }
  const reason = explain(error);
  const values = describeValues(expression, scope);
  const where = values ? `, where ${values}` : '';
  throw new MissionError('expression_error', `${reason} in {{ ${shorten(expression)} }}${where}`, {
    expression,
  });
}

function explain(error: unknown): string {
  if (error instanceof Fault) return error.message;
  if (error instanceof RangeError) return 'a value is nested too deeply or too large';
  throw error;
}

/** Values of the expression's paths for the error message, such as `a.b = 3, c = null`. */
function describeValues(expression: string, scope: EvaluationScope): string {
  const machine = new Machine(scope);
  const distinct = new Map(compiled(expression).paths.map((path) => [path.join('.'), path]));
  const shown = [...distinct]
    .slice(0, 6)
    .map(([name, path]) => `${name} = ${valueAt(machine, path)}`);
  return shown.join(', ');
}

function valueAt(machine: Machine, [root, ...keys]: string[]): string {
  try {
    const start = machine.scope.lookup(root!) ?? null;
    return show(
      keys.reduce<Json>((value, key) => property(machine, value, toKey(value, key)), start),
    );
  } catch (error) {
    if (error instanceof NeedsValue) return 'a large value';
    throw error;
  }
}

const toKey = (value: Json, key: string): Json =>
  Array.isArray(value) && /^\d+$/.test(key) ? Number(key) : key;

const shorten = (text: string): string =>
  text.length > 200 ? `${text.slice(0, 197)}…` : text.trim();
