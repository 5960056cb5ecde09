import type { Expression } from './runtime/ast.js';

/** A path that an expression reads: a name and its literal keys, up to the first computed key. */
export interface Reference {
  path: string[];
  /** Offset in the expression, in UTF-16 units. */
  offset: number;
}

/** The paths that an expression reads, in the order of the text. */
export function referencesOf(node: Expression): Reference[] {
  const path = staticPath(node);
  if (path)
    return [{ path: path.keys, offset: path.offset }, ...path.dynamic.flatMap(referencesOf)];
  return children(node).flatMap(referencesOf);
}

/** Follows literal keys up to the first computed key, behind which the path is unknown. */
function staticPath(
  node: Expression,
): { keys: string[]; offset: number; dynamic: Expression[] } | undefined {
  if (node.type === 'name') return { keys: [node.name], offset: node.offset, dynamic: [] };
  if (node.type !== 'index') return undefined;
  const before = staticPath(node.object);
  if (!before) return undefined;
  const { keys, offset, dynamic } = before;
  if (node.key.type !== 'literal') return { keys, offset, dynamic: [...dynamic, node.key] };
  return dynamic.length ? before : { keys: [...keys, String(node.key.value)], offset, dynamic };
}

function children(node: Expression): Expression[] {
  switch (node.type) {
    case 'literal':
    case 'name':
      return [];
    case 'index':
      return [node.object, node.key];
    case 'unary':
      return [node.operand];
    case 'binary':
    case 'logical':
      return [node.left, node.right];
    case 'choice':
      return [node.test, node.then, node.else];
    case 'list':
      return node.items;
    case 'map':
      return node.entries.map(([, value]) => value);
    case 'call':
      return node.arguments;
  }
}
