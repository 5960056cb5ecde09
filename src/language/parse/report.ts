import type { Diagnostic } from '../../contracts/diagnostic.js';
import { CODES, type Code, LINTS, type LintCode } from '../text/codes.js';
import type { Span } from './tree.js';

const MAX_DIAGNOSTICS = 500;

const isLint = (code: string): code is LintCode => Object.hasOwn(LINTS, code);

/** Collects the findings of one text. */
export class Report {
  private readonly lineStarts: number[];
  private readonly found = new Map<string, Diagnostic>();
  private readonly plain: boolean;

  constructor(readonly source: string) {
    this.plain = !/[\ud800-\udfff]/.test(source);
    this.lineStarts = [0];
    for (let at = source.indexOf('\n'); at >= 0; at = source.indexOf('\n', at + 1)) {
      this.lineStarts.push(at + 1);
    }
  }

  /** Adds a finding. Equal findings at the same place, such as of an alias used twice, count once. */
  add(code: Code | LintCode, at: Pick<Span, 'offset'>, message: string, hint?: string): void {
    if (this.full) return;
    const severity = isLint(code) ? LINTS[code][0] : CODES[code];
    const place = this.position(at.offset);
    const key = [place.line, place.column, code, message].join();
    const diagnostic = { code, severity, message, ...(hint && { hint }), ...place };
    if (!this.found.has(key)) this.found.set(key, diagnostic);
  }

  /** True when the report has the most findings that it accepts; further ones are dropped. */
  get full(): boolean {
    return this.found.size >= MAX_DIAGNOSTICS;
  }

  /** Number of findings. */
  get count(): number {
    return this.found.size;
  }

  get failed(): boolean {
    return [...this.found.values()].some(({ severity }) => severity === 'error');
  }

  /** The findings, sorted by position. */
  sorted(): Diagnostic[] {
    return [...this.found.values()].sort((a, b) => a.line - b.line || a.column - b.column);
  }

  /** Line of an offset, from 1. */
  line(offset: number): number {
    let [low, high] = [0, this.lineStarts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.lineStarts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  }

  private position(offset: number): { line: number; column: number } {
    const within = Math.max(0, Math.min(offset, this.source.length));
    const line = this.line(within);
    const start = this.lineStarts[line - 1]!;
    const column = this.plain ? within - start : [...this.source.slice(start, within)].length;
    return { line, column: column + 1 };
  }
}
