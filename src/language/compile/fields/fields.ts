import type { Keys } from '../../definition/key.js';
import { didYouMean } from '../../text/nearest.js';
import { foreignKeyHint } from './foreign-keys.js';
import type { Report } from '../../parse/report.js';
import { describe, type Entry, type MapNode, type Node, type Span } from '../../parse/tree.js';

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

  /** Position of a key; of the map when the key is absent. */
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

/**
 * Reads a map and reports unknown and missing keys. Reports a node that is no map, and returns undefined.
 */
export function readFields(
  report: Report,
  node: Node,
  keys: Keys,
  what: string,
): Fields | undefined {
  if (node.type === 'unknown') return undefined;
  if (node.type !== 'map') {
    const hint = `write it as a map with the keys ${Object.keys(keys).join(', ')}`;
    report.add('invalid_type', node, `${what} must be a map, but is ${describe(node)}`, hint);
    return undefined;
  }
  for (const { key, at } of node.entries) reportKey(report, key, at, keys, what);
  const fields = new Fields(node);
  reportMissing(report, fields, keys, what);
  return fields;
}

/** Reports every missing required key. */
export function reportMissing(report: Report, fields: Fields, keys: Keys, what: string): void {
  for (const [key, { required }] of Object.entries(keys)) {
    if (required && !fields.has(key)) missing(report, fields, key, what);
  }
}

/** Reports a key that is not in `keys`. */
export function reportKey(report: Report, key: string, at: Span, keys: Keys, what: string): void {
  const rule = Object.hasOwn(keys, key) ? keys[key] : undefined;
  if (rule) return;
  const known = Object.keys(keys);
  const hint =
    foreignKeyHint(what, key) ?? didYouMean(key, known) ?? `the keys are ${known.join(', ')}`;
  report.add('unknown_key', at, `${what} has no key "${key}"`, hint);
}

/** Reports a missing key. */
export function missing(report: Report, fields: Fields, key: string, what: string): void {
  report.add('missing_key', fields.node, `${what} has no "${key}"`, `add ${key}:`);
  return undefined;
}
