import { didYouMean } from '../nearest.js';
import type { Report } from '../parse/report.js';
import { describe, type Entry, type MapNode, type Node, type Span } from '../parse/tree.js';

/** The keys that a map may have. */
export interface Shape {
  known: readonly string[];
  /** Keys of the language that this version does not carry out yet. */
  later?: readonly string[];
}

/** The entries of a map, by key. */
export class Fields {
  private readonly entries: ReadonlyMap<string, Entry>;

  constructor(readonly node: MapNode) {
    this.entries = new Map(node.entries.map((entry) => [entry.key, entry]));
  }

  /** The value under a key; undefined when the key is absent. */
  get(key: string): Node | undefined {
    return this.entries.get(key)?.value;
  }

  /** Where a key stands; the map itself when it is absent. */
  at(key: string): Span {
    return this.entries.get(key)?.at ?? this.node;
  }

  has(key: string): boolean {
    return this.entries.has(key);
  }

  keys(): string[] {
    return [...this.entries.keys()];
  }
}

/** Reads a map and reports every key that it must not have. Undefined (and reported) when it is no map. */
export function readFields(
  report: Report,
  node: Node,
  shape: Shape,
  what: string,
): Fields | undefined {
  if (node.type === 'unknown') return undefined;
  if (node.type !== 'map') {
    const hint = `write it as a map of ${shape.known.join(', ')}`;
    report.add('invalid_type', node, `${what} must be a map, and is ${describe(node)}`, hint);
    return undefined;
  }
  for (const { key, at } of node.entries) reportKey(report, key, at, shape, what);
  return new Fields(node);
}

/** Reports a key unless the shape has it. */
export function reportKey(report: Report, key: string, at: Span, shape: Shape, what: string): void {
  if (shape.known.includes(key)) return;
  if (shape.later?.includes(key)) return notSupported(report, key, at);
  const hint = didYouMean(key, shape.known) ?? `the keys are ${shape.known.join(', ')}`;
  report.add('unknown_key', at, `${what} has no key "${key}"`, hint);
}

/** Something that the language has and this version has not. */
export function notSupported(report: Report, key: string, at: Span): void {
  report.add('not_supported', at, `"${key}" is not available in this version`, 'remove it');
}

/** The value of an obligatory key; reports its absence. */
export function required(
  report: Report,
  fields: Fields,
  key: string,
  what: string,
): Node | undefined {
  const value = fields.get(key);
  if (value) return value;
  report.add('missing_key', fields.node, `${what} has no "${key}"`, `add ${key}:`);
  return undefined;
}
