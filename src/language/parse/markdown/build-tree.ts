import type { Entry, ListNode, MapNode, Node, ScalarNode, Span } from '../tree.js';

export const scalar = (value: ScalarNode['value'], at: Span): ScalarNode => ({
  type: 'scalar',
  value,
  offset: at.offset,
  end: at.end,
});
export const mapOf = (at: Span, entries: Entry[]): MapNode => ({
  type: 'map',
  entries,
  offset: at.offset,
  end: at.end,
});
export const listOf = (at: Span, items: Node[]): ListNode => ({
  type: 'list',
  items,
  offset: at.offset,
  end: at.end,
});
export const entry = (key: string, value: Node, at: Span = value): Entry => ({ key, at, value });
