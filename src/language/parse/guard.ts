import { CST, Lexer, Parser } from 'yaml';
import { findClose } from '../expression/parse-template.js';
import type { Report } from './report.js';
import type { Span } from './tree.js';

const MAX_BYTES = 256 * 1024;
const MAX_NESTING = 64;
const MAX_STRAY_BRACKETS = 50;
const MAX_ROUNDS = 5;
const CONTAINERS = new Set(['block-map', 'block-seq', 'flow-collection']);
/** Marker tokens of the lexer, which have no length in the text. */
const MARKS = new Set([CST.DOCUMENT, CST.FLOW_END, CST.SCALAR]);
const CONTROL = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]|\p{Surrogate}/u;

/**
 * Enforces the limits on size and nesting before the YAML parser runs, which would overflow the stack on deep input. The
 * parser's own state machine measures the nesting; it is fed token by token and stopped at the limit.
 * @returns text of the same length that is safe to parse: letters replace unquoted expressions, blanks replace tags and
 *   directives. Undefined when the source must not be parsed at all
 */
export function guard(report: Report): string | undefined {
  const { source } = report;
  if (source.length > MAX_BYTES || new TextEncoder().encode(source).length > MAX_BYTES) {
    const message = 'the file is larger than 256 KiB';
    report.add('too_large', { offset: 0 }, message, 'split the directive');
    return undefined;
  }
  const control = CONTROL.exec(source);
  if (!control) return maskAll(report);
  const code = control[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  const message = `the character U+${code} is not allowed`;
  report.add('control_character', { offset: control.index }, message, 'remove it');
  return undefined;
}

/**
 * Masks unquoted expressions in several rounds, because one can hide the next (an apostrophe opens a string). The text
 * that is parsed later is always the text that was scanned last.
 */
function maskAll(report: Report): string | undefined {
  let text = report.source;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const scan = new Scan(report, text);
    if (!scan.run()) return undefined;
    if (scan.unquoted.length + scan.blanked.length === 0) return text;
    text = overwrite(overwrite(text, scan.blanked, ' '), scan.unquoted, 'x');
  }
  return undefined;
}

/** Overwrites spans with a letter and keeps line ends. Spans must be sorted and must not overlap. */
function overwrite(text: string, spans: readonly Span[], letter: string): string {
  const pieces: string[] = [];
  let at = 0;
  for (const { offset, end } of spans) {
    pieces.push(text.slice(at, offset), text.slice(offset, end).replace(/[^\r\n]/g, letter));
    at = end;
  }
  return pieces.join('') + text.slice(at);
}

/** One pass over the tokens of a text. */
class Scan {
  readonly unquoted: Span[] = [];
  readonly blanked: Span[] = [];
  private readonly parser = new Parser();
  private offset = 0;
  private strayBrackets = 0;
  private flowDepth = 0;
  private lastOpen = -1;
  private skipTo = 0;

  constructor(
    private readonly report: Report,
    private readonly text: string,
  ) {}

  /** Scans the text; false when it must not be parsed. */
  run(): boolean {
    let content = false;
    for (const token of new Lexer().lex(this.text)) {
      if (!content) this.look(token);
      content = token === CST.SCALAR;
      for (const _ of this.parser.next(token)) void _;
      if (this.tooDeep() || this.strayBrackets > MAX_STRAY_BRACKETS) return false;
      if (!MARKS.has(token)) this.offset += token.length;
    }
    return true;
  }

  private look(token: string): void {
    const type = CST.tokenType(token);
    if (type === 'flow-map-start') this.open();
    if (type === 'flow-map-start' || type === 'flow-seq-start') this.flowDepth++;
    if (type === 'flow-map-end' || type === 'flow-seq-end') this.close();
    if (type === 'tag') this.blank(token, 'yaml_tag', 'a tag is not allowed', 'remove it');
    if (type === 'directive-line') {
      this.blank(token, 'yaml_directive', 'a line that starts with % is not allowed', 'remove it');
    }
  }

  private blank(
    token: string,
    code: 'yaml_tag' | 'yaml_directive',
    what: string,
    hint: string,
  ): void {
    this.blanked.push({ offset: this.offset, end: this.offset + token.length });
    this.report.add(code, { offset: this.offset }, `${what}: ${token.slice(0, 40)}`, hint);
  }

  /** Handles an opening brace. Two adjacent braces begin an unquoted expression. */
  private open(): void {
    const start = this.lastOpen;
    this.lastOpen = this.offset;
    if (start !== this.offset - 1 || start < this.skipTo) return;
    const line = this.lineFrom(start);
    const close = [findClose(line, 2), line.indexOf('}}')].find((place) => place >= 0);
    const expression = close === undefined ? line : line.slice(0, close + 2);
    const shown = expression.length > 60 ? `${expression.slice(0, 57)}…` : expression;
    const quote = shown.includes('"') ? "'" : '"';
    const hint = `quote it: ${quote}${shown}${quote}`;
    this.skipTo = start + expression.length;
    this.unquoted.push({ offset: start, end: this.skipTo });
    this.report.add('unquoted_expression', { offset: start }, `${shown} is not quoted`, hint);
  }

  private lineFrom(start: number): string {
    const end = this.text.indexOf('\n', start);
    return this.text.slice(start, end < 0 ? undefined : end).trimEnd();
  }

  private close(): void {
    if (this.flowDepth > 0) this.flowDepth--;
    else if (++this.strayBrackets > MAX_STRAY_BRACKETS) {
      const message = 'this bracket closes none';
      this.report.add('yaml_syntax', { offset: this.offset }, message, 'remove it');
    }
  }

  private tooDeep(): boolean {
    const { stack } = this.parser as unknown as { stack: { type: string }[] };
    if (stack.length <= MAX_NESTING) return false;
    if (stack.filter(({ type }) => CONTAINERS.has(type)).length <= MAX_NESTING) return false;
    const message = `the file is nested more than ${MAX_NESTING} deep`;
    this.report.add('nesting_too_deep', { offset: this.offset }, message, 'flatten it');
    return true;
  }
}
