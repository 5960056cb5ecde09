import type { Json } from '../../contracts/json/json.js';

/** A range of the text in UTF-16 units from 0; `end` is exclusive. */
export interface Span {
  offset: number;
  end: number;
}

export interface Entry {
  key: string;
  /** Range of the key. */
  at: Span;
  value: Node;
}

export interface MapNode extends Span {
  type: 'map';
  entries: Entry[];
}

export interface ListNode extends Span {
  type: 'list';
  items: Node[];
}

export interface ScalarNode extends Span {
  type: 'scalar';
  value: null | boolean | number | string;
}

/** A value that could not be read. The error is already reported, so checks must skip the node. */
export interface UnknownNode extends Span {
  type: 'unknown';
}

/** The syntax tree of a directive's file. */
export type Node = MapNode | ListNode | ScalarNode | UnknownNode;

/** Converts a tree to its plain value. */
export function toJson(node: Node): Json {
  if (node.type === 'scalar') return node.value;
  if (node.type === 'list') return node.items.map(toJson);
  if (node.type === 'unknown') return null;
  return Object.fromEntries(node.entries.map(({ key, value }) => [key, toJson(value)]));
}

/** True for a missing or null value. */
export const isNull = (node: Node | undefined): boolean =>
  node === undefined || (node.type === 'scalar' && node.value === null);

/** True when any part of the node could not be read. */
export const hasUnknown = (node: Node): boolean =>
  node.type === 'unknown' ||
  (node.type === 'list' && node.items.some(hasUnknown)) ||
  (node.type === 'map' && node.entries.some(({ value }) => hasUnknown(value)));

/** Describes the type of a node in words, for messages. */
export function describe(node: Node): string {
  if (node.type === 'map') return 'a map';
  if (node.type === 'list') return 'a list';
  if (node.type === 'unknown') return 'unreadable';
  if (node.value === null) return 'empty';
  const text = JSON.stringify(node.value);
  return text.length > 40 ? `${text.slice(0, 37)}…` : text;
}
