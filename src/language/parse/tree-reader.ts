import { isAlias, isMap, isScalar, isSeq, type ParsedNode } from 'yaml';
import { checkNumber } from './check-number.js';
import type { Report } from './report.js';
import type { Entry, MapNode, Node, Span } from './tree.js';

const MAX_ALIAS_NODES = 10_000;
const MAX_NESTING = 64;

/** Converts nodes of the YAML library to {@link Node}s, with aliases expanded. */
export class TreeReader {
  private readonly anchors = new Map<string, ParsedNode>();
  private readonly open = new Set<ParsedNode>();
  private aliasDepth = 0;
  private aliasNodes = 0;

  constructor(
    private readonly report: Report,
    /** The parsed text. Where it differs from the source, it was masked and the value is unknown. */
    private readonly text: string,
  ) {}

  read(node: ParsedNode | null, place: Span = { offset: 0, end: 0 }, depth = 0): Node {
    if (node === null) return { type: 'scalar', value: null, ...place };
    const at = { offset: node.range[0], end: node.range[1] };
    if (!this.affordable(at, depth)) return { type: 'unknown', ...at };
    if (isAlias(node)) return this.alias(node.source, at, depth);
    if (node.anchor) this.anchors.set(node.anchor, node);
    this.open.add(node);
    const read = this.container(node, at, depth);
    this.open.delete(node);
    return read;
  }

  private container(node: ParsedNode, at: Span, depth: number): Node {
    if (isMap(node)) return this.map(node.items, at, depth);
    if (isSeq(node)) {
      const items = node.items as ParsedNode[];
      return { type: 'list', items: items.map((item) => this.read(item, at, depth + 1)), ...at };
    }
    return this.scalar(isScalar(node) ? node.value : null, at);
  }

  private affordable(at: Span, depth: number): boolean {
    if (this.aliasDepth > 0 && ++this.aliasNodes > MAX_ALIAS_NODES) {
      const message = `aliases expand to more than ${MAX_ALIAS_NODES} nodes: write fewer`;
      if (this.aliasNodes === MAX_ALIAS_NODES + 1) this.report.add('alias_expansion', at, message);
      return false;
    }
    if (depth <= MAX_NESTING) return true;
    this.report.add('nesting_too_deep', at, `the file is nested more than ${MAX_NESTING} deep`);
    return false;
  }

  private alias(name: string, at: Span, depth: number): Node {
    const target = this.anchors.get(name);
    if (!target || this.open.has(target)) {
      const problem = target ? 'contains itself' : 'has no anchor before it';
      this.report.add(
        target ? 'alias_cycle' : 'unknown_alias',
        at,
        `the alias *${name} ${problem}`,
      );
      return { type: 'unknown', ...at };
    }
    this.aliasDepth++;
    const read = this.read(target, at, depth);
    this.aliasDepth--;
    return read;
  }

  private map(
    pairs: readonly { key: unknown; value: unknown }[],
    at: Span,
    depth: number,
  ): MapNode {
    const entries = new Map<string, Entry>();
    for (const pair of pairs) {
      const entry = this.entry(pair.key as ParsedNode, pair.value as ParsedNode | null, depth);
      if (entry && this.isNew(entries, entry)) entries.set(entry.key, entry);
    }
    return { type: 'map', entries: [...entries.values()], ...at };
  }

  private entry(
    key: ParsedNode | null,
    value: ParsedNode | null,
    depth: number,
  ): Entry | undefined {
    const name = key && this.read(key, undefined, depth + 1);
    const at: Span = name ?? { offset: value?.range[0] ?? 0, end: value?.range[1] ?? 0 };
    const read = this.read(value, { offset: at.end, end: at.end }, depth + 1);
    if (name?.type === 'unknown') return undefined;
    if (name?.type !== 'scalar' || name.value === null || name.value === '__proto__') {
      this.report.add('invalid_key', at, 'a key must be a word', 'write key: value');
      return undefined;
    }
    return { key: String(name.value), at, value: read };
  }

  private isNew(entries: Map<string, Entry>, { key, at }: Entry): boolean {
    if (key === '<<') {
      this.report.add('merge_key', at, 'merge keys are not allowed', 'write the keys out');
      return false;
    }
    const first = entries.get(key);
    if (!first) return true;
    const line = this.report.line(first.at.offset);
    this.report.add(
      'duplicate_key',
      at,
      `the key "${key}" is already on line ${line}`,
      'remove one of them',
    );
    return false;
  }

  private scalar(value: unknown, at: Span): Node {
    const [source, read] = [this.report.source, this.text].map((text) =>
      text.slice(at.offset, at.end),
    );
    if (source !== read) return { type: 'unknown', ...at };
    if (typeof value === 'number' && !checkNumber(this.report, value, source!, at)) {
      return { type: 'unknown', ...at };
    }
    return { type: 'scalar', value: value as string | number | boolean | null, ...at };
  }
}
