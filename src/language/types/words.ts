import type { Expression } from '../expression/runtime/ast.js';
import { show } from '../expression/runtime/values.js';
import type { Kind } from './type.js';

const WORDS: Readonly<Record<Kind, string>> = {
  null: 'null',
  boolean: 'true or false',
  number: 'a number',
  string: 'a string',
  array: 'a list',
  object: 'a map',
};

/** Names kinds in words, such as `a string or null`. */
export const described = (kinds: readonly Kind[]): string =>
  kinds.map((kind) => WORDS[kind]).join(' or ');

/** Names the accepted kinds in words; null is left out unless it is the only one. */
export function wanted(kinds: readonly Kind[]): string {
  const others = kinds.filter((kind) => kind !== 'null');
  return described(others.length > 0 ? others : kinds);
}

/** Name of an expression in messages: its literal, path or call, else `its value`. */
export function label(node: Expression): string {
  if (node.type === 'literal') return show(node.value);
  return pathText(node) ?? (node.type === 'call' ? `${node.name}(…)` : 'the value');
}

function pathText(node: Expression): string | undefined {
  if (node.type === 'name') return node.name;
  if (node.type !== 'index') return undefined;
  const before = pathText(node.object);
  if (before === undefined) return undefined;
  if (node.key.type !== 'literal') return `${before}[…]`;
  const { value } = node.key;
  const plain = typeof value === 'string' && /^[A-Za-z_]\w*$/.test(value);
  return plain ? `${before}.${value}` : `${before}[${show(value)}]`;
}

/** Remedy for a value of a wrong kind. */
export function remedy(
  node: Expression,
  wrong: readonly Kind[],
  accepted: readonly Kind[],
): string | undefined {
  if (node.type === 'literal') return undefined;
  const name = label(node);
  const counted = /^(.+)\.(?:length|size|count)$/.exec(name)?.[1];
  if (counted && wrong.every((kind) => kind === 'null')) return `write len(${counted})`;
  const shown = name === 'the value' ? '…' : name;
  if (wrong.includes('null')) return `write default(${shown}, …), or check it with "if" first`;
  if (wrong.every((kind) => kind === 'string') && accepted.includes('number'))
    return `number(${shown}) reads a text as a number`;
  if (wrong.every((kind) => kind === 'number' || kind === 'boolean') && accepted.includes('string'))
    return `string(${shown}) converts it to text`;
  return undefined;
}
