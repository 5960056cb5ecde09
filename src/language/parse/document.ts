import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  type ParsedNode,
  type YAMLError,
} from 'yaml';
import type { Code } from '../codes.js';
import { guard, type GuardedText } from './guard.js';
import type { Report } from './report.js';
import type { Entry, MapNode, Node, ScalarNode, Span } from './tree.js';

const MAX_ALIAS_NODES = 10_000;
const MAX_NESTING = 64;

/**
 * Reads a YAML text into a tree with positions. Mistakes go to the report; the tree is as whole as they allow.
 * @returns undefined when there is nothing to check
 */
export function readDocument(report: Report): Node | undefined {
  const guarded = guard(report);
  if (!guarded) return undefined;
  const options = {
    prettyErrors: false,
    uniqueKeys: false,
    logLevel: 'silent',
    version: '1.2',
  } as const;
  const document = parseDocument(guarded.text, options);
  for (const error of document.errors.slice(0, 100)) reportSyntax(report, error);
  if (document.errors.length > 0) return undefined;
  if (!document.contents) {
    report.add(
      'empty_file',
      { offset: 0 },
      'the file is empty',
      'a directive needs name, version and steps',
    );
    return undefined;
  }
  return new Reader(report, guarded).read(document.contents as ParsedNode);
}

const YAML_CODES: Record<string, [Code, string]> = {
  TAB_AS_INDENT: ['tab_indentation', 'indent with blanks'],
  DUPLICATE_KEY: ['duplicate_key', 'remove one of them'],
  MULTIPLE_DOCS: ['several_documents', 'keep one document a file: remove the line ---'],
  BAD_INDENT: ['yaml_syntax', 'check the indentation'],
  MISSING_CHAR: ['yaml_syntax', 'check quotes and brackets'],
};

function reportSyntax(report: Report, error: YAMLError): void {
  const [code, hint] = YAML_CODES[error.code] ?? [
    'yaml_syntax',
    'put text with : # { [ or quotes in quotes',
  ];
  report.add(
    code,
    { offset: error.pos[0] },
    `this is not YAML: ${error.message.split('\n')[0]}`,
    hint,
  );
}

/** Copies the library's nodes into ours, aliases expanded. */
class Reader {
  private readonly anchors = new Map<string, ParsedNode>();
  private readonly open = new Set<ParsedNode>();
  private aliasDepth = 0;
  private aliasNodes = 0;

  constructor(
    private readonly report: Report,
    private readonly guarded: GuardedText,
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
      const message = `aliases expand to more than ${MAX_ALIAS_NODES} nodes`;
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
    if (name?.type !== 'scalar' || name.value === null) {
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
      `the key "${key}" stands on line ${line} already`,
      'remove one of them',
    );
    return false;
  }

  private scalar(value: unknown, at: Span): ScalarNode | Node {
    if (this.guarded.masked.some(({ offset, end }) => offset < at.end && at.offset < end)) {
      return { type: 'unknown', ...at };
    }
    if (typeof value === 'number' && !Number.isFinite(value)) {
      this.report.add('invalid_number', at, `${value} is not a number that JSON knows`);
      return { type: 'unknown', ...at };
    }
    return { type: 'scalar', value: value as ScalarNode['value'], ...at };
  }
}
