import type { Expression } from '../expression/runtime/ast.js';

/** The statically known beginning of a path; undefined if the expression is no path. */
export function rootPath(node: Expression): string[] | undefined {
  if (node.type === 'name') return [node.name];
  if (node.type !== 'index') return undefined;
  const before = rootPath(node.object);
  return before && node.key.type === 'literal' ? [...before, String(node.key.value)] : before;
}

/** True if one of the paths is a prefix of the other. */
export const related = (a: readonly string[], b: readonly string[]): boolean =>
  a.every((key, at) => at >= b.length || key === b[at]);

/** Offset at which the text of an expression begins, in UTF-16 units. */
export function startOf(node: Expression): number {
  if (node.type === 'index') return startOf(node.object);
  return node.type === 'binary' ? startOf(node.left) : node.offset;
}
