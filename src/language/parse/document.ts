import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  type Document,
  type ParsedNode,
  type YAMLError,
} from 'yaml';
import type { Code } from '../codes.js';
import { guard } from './guard.js';
import type { Report } from './report.js';
import type { Entry, MapNode, Node, ScalarNode, Span } from './tree.js';

const MAX_ALIAS_NODES = 10_000;
const MAX_NESTING = 64;

/** Mistakes behind which the tree is still what the author meant. */
const SOFT = new Set(['BAD_DQ_ESCAPE', 'BAD_SCALAR_START', 'MULTIPLE_DOCS']);
const MAX_SYNTAX_ERRORS = 100;

/**
 * Reads a YAML text into a tree with positions. Mistakes go to the report; the tree is as whole as they allow.
 * @returns undefined when there is nothing to check
 */
export function readDocument(report: Report): Node | undefined {
  const text = guard(report);
  if (text === undefined) return undefined;
  const document = parse(text);
  const fatal = document.errors.filter(({ code }) => !SOFT.has(code));
  for (const error of document.errors.slice(0, MAX_SYNTAX_ERRORS)) reportSyntax(report, error);
  if (fatal.some(({ code }) => code === 'TAB_AS_INDENT')) return readWithoutTabs(report, text);
  return fatal.length > 0 ? undefined : readTree(report, text, document);
}

/** Tabs have been reported; read as blanks they may leave a tree, so that the rest of the file is checked too. */
function readWithoutTabs(report: Report, text: string): Node | undefined {
  const document = parse(text.replace(/^[ \t]+/gm, (indent) => ' '.repeat(indent.length)));
  return document.errors.length > 0 ? undefined : readTree(report, text, document);
}

function readTree(report: Report, text: string, { contents }: Document.Parsed): Node | undefined {
  if (contents) return new Reader(report, text).read(contents as ParsedNode);
  const hint = 'a directive needs name, version and steps';
  report.add('empty_file', { offset: 0 }, 'the file is empty', hint);
  return undefined;
}

/** One error a character is possible: without stack traces that takes a second, with them ten. */
function parse(text: string): Document.Parsed {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    const options = {
      prettyErrors: false,
      uniqueKeys: false,
      logLevel: 'error',
      version: '1.2',
    } as const;
    return parseDocument(text, options);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

interface Wording {
  code: Code;
  message?: string;
  hint: string;
}

const WORDINGS: Record<string, Wording> = {
  TAB_AS_INDENT: {
    code: 'tab_indentation',
    message: 'a tab cannot indent a line',
    hint: 'indent with blanks',
  },
  MULTIPLE_DOCS: {
    code: 'several_documents',
    message: 'the file holds several documents',
    hint: 'keep one: remove the line ---',
  },
  BAD_INDENT: { code: 'yaml_syntax', hint: 'check the indentation' },
  MISSING_CHAR: { code: 'yaml_syntax', hint: 'check quotes and brackets' },
  BAD_DQ_ESCAPE: { code: 'yaml_syntax', hint: 'write \\\\ for a backslash, or use single quotes' },
};
const OTHER: Wording = {
  code: 'yaml_syntax',
  hint: 'put text with : # { [ or quotes inside it in quotes',
};

function reportSyntax(report: Report, error: YAMLError): void {
  const { code, message, hint } = WORDINGS[error.code] ?? OTHER;
  const text = message ?? `this is not YAML: ${error.message.split('\n')[0]}`;
  report.add(code, { offset: error.pos[0] }, text, hint);
}

/** Copies the library's nodes into ours, aliases expanded. */
class Reader {
  private readonly anchors = new Map<string, ParsedNode>();
  private readonly open = new Set<ParsedNode>();
  private aliasDepth = 0;
  private aliasNodes = 0;

  constructor(
    private readonly report: Report,
    /** What was parsed; where it differs from the source, the value is unknown. */
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
      `the key "${key}" stands on line ${line} already`,
      'remove one of them',
    );
    return false;
  }

  private scalar(value: unknown, at: Span): ScalarNode | Node {
    const [source, read] = [this.report.source, this.text].map((text) =>
      text.slice(at.offset, at.end),
    );
    if (source !== read) return { type: 'unknown', ...at };
    if (typeof value === 'number' && !Number.isFinite(value)) {
      this.report.add(
        'invalid_number',
        at,
        `${value} is not a number that JSON knows`,
        'quote it, or leave it out',
      );
      return { type: 'unknown', ...at };
    }
    return { type: 'scalar', value: value as ScalarNode['value'], ...at };
  }
}
