import type { Diagnostic } from '../../contracts/diagnostic.js';
import { CODES, type Code, LINTS, type LintCode } from '../text/codes.js';
import type { Span } from './tree.js';

const MAX_DIAGNOSTICS = 500;

const isLint = (code: string): code is LintCode => Object.hasOwn(LINTS, code);

/** Collects findings about one text. */
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

  /** Adds a finding; the same one at the same place (an alias used twice) counts once. */
  add(code: Code | LintCode, at: Pick<Span, 'offset'>, message: string, hint?: string): void {
    if (this.full) return;
    const severity = isLint(code) ? LINTS[code][0] : CODES[code];
    const place = this.position(at.offset);
    const key = [place.line, place.column, code, message].join();
    const diagnostic = { code, severity, message, ...(hint && { hint }), ...place };
    if (!this.found.has(key)) this.found.set(key, diagnostic);
  }

  /** No more findings are taken: a file as bad as this is told so often enough. */
  get full(): boolean {
    return this.found.size >= MAX_DIAGNOSTICS;
  }

  /** How many there are. */
  get count(): number {
    return this.found.size;
  }

  get failed(): boolean {
    return [...this.found.values()].some(({ severity }) => severity === 'error');
  }

  /** By position. */
  sorted(): Diagnostic[] {
    return [...this.found.values()].sort((a, b) => a.line - b.line || a.column - b.column);
  }

  /** The line (from 1) of a place. */
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
