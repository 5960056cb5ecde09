import type { Json } from '../../../contracts/json/json.js';
import type { Template } from '../../../contracts/plan.js';
import { parseTemplate } from '../../expression/parse-template.js';
import { expectKinds, infer, type TypeProblem } from '../../types/infer.js';
import type { TypeScope } from '../../types/type-scope.js';
import {
  ANY,
  type Kind,
  listOf,
  MAP,
  mapOf,
  maybe,
  NULL,
  NUMBER,
  STRING,
  type Type,
  typeOfValue,
  union,
  unionOf,
} from '../../types/type.js';
import { locate } from '../../parse/locate.js';
import type { Node, ScalarNode } from '../../parse/tree.js';
import type { Place } from './context.js';

const RUN = mapOf({
  id: STRING,
  directive: STRING,
  trigger: STRING,
  actor: STRING,
  attempt: NUMBER,
  started_at: STRING,
});

/** Type of `error` in `on_error` and `always`. */
export const ERROR = mapOf({
  code: STRING,
  message: STRING,
  attempt: NUMBER,
  step: ANY,
  data: ANY,
});

/** Types of the names that an expression can read at its place. */
export function typeScope({ scope, inputsType, results }: Place): TypeScope {
  const { guards } = scope;
  const guarded = guards.length > 0;
  const read = (type: Type): Type => (guarded ? nullUnsure(type) : type);
  return {
    guards,
    step(name) {
      const elsewhere = results.get(name);
      const here = scope.typeOfStep(name);
      if (here) return read(here);
      return elsewhere ? union(maybe(elsewhere), maybe(NULL)) : ANY;
    },
    name(name) {
      if (name === 'inputs') return inputsType;
      if (name === 'run') return RUN;
      if (name === 'steps') return MAP;
      return read(name === 'result' ? scope.result.type : scope.typeOf(name));
    },
  };
}

/** Drops the certainty of null. Inside a condition the author may know that a step has run. */
const nullUnsure = (type: Type): Type =>
  type.sure.includes('null')
    ? { ...type, sure: type.sure.filter((kind) => kind !== 'null') }
    : type;

/** Type of the rendered template. */
export function templateType(place: Place, template: Template): Type {
  if (typeof template === 'string') return textType(place, template);
  if (Array.isArray(template))
    return listOf(unionOf(template.map((item) => templateType(place, item))));
  if (template === null || typeof template !== 'object') return typeOfValue(template as Json);
  const fields = Object.entries(template).map(([key, value]): [string, Type] => [
    key,
    templateType(place, value),
  ]);
  return mapOf(new Map(fields), NULL);
}

function textType(place: Place, text: string): Type {
  const tree = text.includes('{{') ? wholeTree(text) : undefined;
  return tree ? infer(tree.tree, typeScope(place)) : STRING;
}

/** Syntax tree of a text that is a single expression; undefined for other texts. */
function wholeTree(text: string) {
  const { pieces, whole } = parseTemplate(text);
  return whole === undefined ? undefined : pieces.find((piece) => 'tree' in piece);
}

/** Reports a single expression whose value is of no kind that its place accepts. */
export function expectTemplate(
  place: Place,
  node: Node,
  accepted: readonly Kind[],
  what: string,
): void {
  const text = node.type === 'scalar' && typeof node.value === 'string' ? node.value : '';
  const piece = wholeTree(text);
  if (!piece || node.type !== 'scalar') return;
  const type = infer(piece.tree, typeScope(place));
  expectKinds({ node: piece.tree, type }, accepted, what, (problem) =>
    reportType(place, node, piece.offset, problem),
  );
}

/** Reports the type problems of an expression. */
export function reportType(
  { report }: Place,
  node: ScalarNode,
  start: number,
  { certain, message, hint, offset }: TypeProblem,
): void {
  const at = locate(report.source, node, start + offset);
  report.add(certain ? 'expression_fails' : 'expression_may_fail', at, message, hint);
}
