import type { Json } from '../../contracts/json/json.js';
import type { Expression } from '../expression/runtime/ast.js';
import { Exhausted, Fault } from '../expression/runtime/fault.js';
import { FUNCTIONS } from '../expression/functions/functions.js';
import { Machine } from '../expression/runtime/machine.js';
import { binary, negate } from '../expression/runtime/operators.js';
import { referencesOf } from '../expression/references.js';
import { property } from '../expression/runtime/values.js';
import { constant, isConstant, listWith, mapWith } from './constant.js';
import { needs, outcome, takes } from './operators.js';
import { related, rootPath, startOf } from './paths.js';
import { signatureOf } from './signatures.js';
import type { TypeScope } from './type-scope.js';
import * as types from './type.js';
import { type Kind, KINDS, type Type } from './type.js';
import { described, label, remedy, wanted } from './words.js';

/** A type error that an expression must cause (`certain`), or may cause. */
export interface TypeProblem {
  certain: boolean;
  message: string;
  hint?: string | undefined;
  /** Offset in the expression, in UTF-16 units. */
  offset: number;
}

/** Budget for evaluating constant parts at compile time, enough for hand-written expressions. */
const STEPS = 2_000;
const SIZE = 20_000;
/** Functions that return another value on each call. */
const NONDETERMINISTIC = ['now', 'uuid'];
const EMPTY_SCOPE = { lookup: () => undefined, now: () => '2026-01-01T00:00:00Z', seed: () => '' };

/**
 * Infers the type of an expression. `onProblem` is called for each problem; a certain one means that the expression fails
 * whatever the values of its names are.
 */
export function infer(
  node: Expression,
  scope: TypeScope,
  onProblem: (problem: TypeProblem) => void = () => {},
): Type {
  return new Inference(scope, onProblem, new Machine(EMPTY_SCOPE, STEPS, SIZE), false).of(node);
}

/** Reports a value that may be, or certainly is, of a kind that its place does not accept. */
export function expectKinds(
  { node, type }: { node: Expression; type: Type },
  accepted: readonly Kind[],
  what: string,
  onProblem: (problem: TypeProblem) => void,
): void {
  const certain = type.kinds.length > 0 && !type.kinds.some((kind) => accepted.includes(kind));
  const wrong = certain ? type.kinds : type.sure.filter((kind) => !accepted.includes(kind));
  if (wrong.length === 0) return;
  const hint = remedy(node, wrong, accepted);
  onProblem({
    certain,
    message: mismatch(node, certain, wrong, `${what} needs ${wanted(accepted)}`),
    hint,
    offset: startOf(node),
  });
}

const mismatch = (
  node: Expression,
  certain: boolean,
  wrong: readonly Kind[],
  needed: string,
): string => `${needed}, but ${label(node)} ${certain ? 'is' : 'may be'} ${described(wrong)}`;

class Inference {
  constructor(
    private readonly scope: TypeScope,
    private readonly onProblem: (problem: TypeProblem) => void,
    private readonly machine: Machine,
    /** True = this part is evaluated only conditionally, so none of its problems is certain. */
    private readonly lazy: boolean,
  ) {}

  of(node: Expression): Type {
    switch (node.type) {
      case 'literal':
        return constant(node.value);
      case 'name':
        return this.guarded(node, this.scope.name(node.name));
      case 'index':
        return this.guarded(node, this.index(node));
      case 'unary':
        return this.unary(node);
      case 'binary':
        return this.binary(node);
      case 'logical':
        return this.logical(node);
      case 'choice':
        return this.choice(node);
      case 'list':
        return listWith(node.items.map((item) => this.of(item)));
      case 'map':
        return mapWith(node.entries.map(([key, value]) => [key, this.of(value)]));
      case 'call':
        return this.call(node);
    }
  }

  /** Drops the certainty of a type if an enclosing condition reads the path, since the author may have checked it. */
  private guarded(node: Expression, type: Type): Type {
    if (this.scope.guards.length === 0 || isConstant(type)) return type;
    const path = rootPath(node);
    const isGuarded = path && this.scope.guards.some((guard) => related(guard, path));
    return isGuarded ? types.maybe(type) : type;
  }

  private index({ object, key }: Expression & { type: 'index' }): Type {
    const name = key.type === 'literal' ? key.value : undefined;
    if (object.type === 'name' && object.name === 'steps' && typeof name === 'string')
      return this.scope.step(name);
    const [whole, at] = [this.of(object), this.of(key)];
    if (isConstant(whole) && isConstant(at))
      return (
        this.compute(key, () => property(this.machine, whole.constant, at.constant)) ?? types.ANY
      );
    if (typeof at.constant === 'string') return types.fieldOf(whole, at.constant);
    const isList = whole.kinds.every((kind) => kind === 'array' || kind === 'null');
    return isList && typeof at.constant === 'number' ? itemOf(whole) : types.ANY;
  }

  private unary(node: Expression & { type: 'unary' }): Type {
    const { operator, operand } = node;
    const type = this.of(operand);
    if (operator === 'not') {
      this.expect(operand, type, ['boolean', 'null'], '"not"');
      return types.BOOLEAN;
    }
    if (isConstant(type))
      return this.compute(node, () => negate(this.machine, type.constant)) ?? types.NUMBER;
    this.expect(operand, type, ['number'], '"-"');
    return types.NUMBER;
  }

  private binary(node: Expression & { type: 'binary' }): Type {
    const { operator } = node;
    const [left, right] = [this.of(node.left), this.of(node.right)];
    const result = outcome(operator, left, right);
    if (isConstant(left) && isConstant(right)) {
      const work = () => binary(this.machine, operator, left.constant, right.constant);
      return this.compute(node, work) ?? result;
    }
    if (right.constant === 0 && (operator === '/' || operator === '%'))
      this.fail(node, `${label(node.left)} ${operator} 0: division by zero`);
    else this.operands(node, left, right);
    return result;
  }

  /** Reports operands that do not fit: the side that fits no value of the other, or both together. */
  private operands(node: Expression & { type: 'binary' }, left: Type, right: Type): void {
    const { operator } = node;
    const fits = {
      left: (kind: Kind, others: readonly Kind[]) =>
        others.some((each) => takes(operator, kind, each)),
      right: (kind: Kind, others: readonly Kind[]) =>
        others.some((each) => takes(operator, each, kind)),
    };
    const what = `"${operator}" needs ${needs(operator)}`;
    const certain =
      left.kinds.length * right.kinds.length > 0 &&
      !left.kinds.some((kind) => fits.left(kind, right.kinds));
    const sides = [
      ['left', left, right],
      ['right', right, left],
    ] as const;
    let found = false;
    for (const [side, type, other] of sides) {
      const wrong = certain
        ? type.kinds.filter(() => !type.kinds.some((kind) => fits[side](kind, KINDS)))
        : type.sure.filter((kind) => !fits[side](kind, other.kinds));
      if (wrong.length === 0 || (certain && found)) continue;
      found = true;
      const hint = remedy(node[side], wrong, acceptedBy(operator, other));
      this.report({
        certain,
        message: mismatch(node[side], certain, wrong, what),
        hint,
        offset: startOf(node[side]),
      });
    }
    if (certain && !found)
      this.fail(node, `${what}, but gets ${described(left.kinds)} and ${described(right.kinds)}`);
  }

  private logical({ operator, left, right }: Expression & { type: 'logical' }): Type {
    const what = `"${operator}"`;
    this.expect(left, this.of(left), ['boolean', 'null'], what);
    const inside = this.behind(left);
    inside.expect(right, inside.of(right), ['boolean', 'null'], what);
    return types.BOOLEAN;
  }

  private choice({ test, then, else: otherwise }: Expression & { type: 'choice' }): Type {
    this.expect(test, this.of(test), ['boolean', 'null'], '"?"');
    const inside = this.behind(test);
    return types.union(inside.of(then), inside.of(otherwise));
  }

  private call(node: Expression & { type: 'call' }): Type {
    const given = node.arguments.map((each) => this.of(each));
    const { run, check, usage } = FUNCTIONS[node.name]!;
    const { takes: accepted, items, gives } = signatureOf(node.name, given.length);
    const result = typeof gives === 'function' ? gives(given) : gives;
    const values = given.map((each) => each.constant);
    if (given.every(isConstant) && !NONDETERMINISTIC.includes(node.name))
      return this.compute(node, () => run(this.machine, values as Json[])) ?? result;
    if (check && this.compute(node, () => (check(values), null)) === types.ANY) return types.ANY;
    node.arguments.forEach((each, at) =>
      this.expect(each, given[at]!, accepted[Math.min(at, accepted.length - 1)]!, usage),
    );
    if (items) this.items(node.arguments[0]!, types.itemsOf(given[0]!), items, usage);
    return result;
  }

  /** Checks the items of a list argument. Problems are never certain, because the list may be empty. */
  private items(node: Expression, type: Type, accepted: readonly Kind[], usage: string): void {
    const wrong = type.sure.filter((kind) => !accepted.includes(kind));
    if (wrong.length === 0) return;
    const name = label(node);
    const only = wrong.every((kind) => kind === 'null');
    const hint = only ? 'leave nulls out with compact(list)' : undefined;
    const message = `${usage} needs items that are ${wanted(accepted)}, but one of ${name} may be ${described(wrong)}`;
    this.report({ certain: false, message, hint, offset: startOf(node) });
  }

  private expect(node: Expression, type: Type, accepted: readonly Kind[], what: string): void {
    expectKinds({ node, type }, accepted, what, (problem) => this.report(problem));
  }

  /** Inference for a part that is evaluated only after `test`, and guarded by the paths that `test` reads. */
  private behind(test: Expression): Inference {
    const guards = [...this.scope.guards, ...referencesOf(test).map(({ path }) => path)];
    const { scope } = this;
    const guarded = { name: scope.name.bind(scope), step: scope.step.bind(scope), guards };
    return new Inference(guarded, this.onProblem, this.machine, true);
  }

  /** Evaluates a constant part. Undefined when that exceeds the budget; ANY when it fails, which is reported. */
  private compute(at: Expression, work: () => Json): Type | undefined {
    try {
      return constant(work());
    } catch (thrown) {
      if (!(thrown instanceof Fault) || thrown instanceof Exhausted) return undefined;
      this.fail(at, thrown.message);
      return types.ANY;
    }
  }

  private fail(node: Expression, message: string): void {
    this.report({ certain: true, message, offset: startOf(node) });
  }

  private report(problem: TypeProblem): void {
    this.onProblem({ ...problem, certain: problem.certain && !this.lazy });
  }
}

/** Type of a list item at an index that may not exist. */
const itemOf = (whole: Type): Type =>
  types.union(
    types.maybe(types.itemsOf(whole)),
    whole.sure.includes('null') ? types.NULL : types.maybe(types.NULL),
  );

/** Kinds that the operator accepts together with the other operand. */
const acceptedBy = (operator: Parameters<typeof takes>[0], other: Type): Kind[] =>
  KINDS.filter((kind) => other.kinds.some((each) => takes(operator, kind, each)));
