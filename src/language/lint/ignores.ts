import type { Diagnostic } from '../../contracts/diagnostic.js';
import { CODES, LINTS } from '../text/codes.js';
import { didYouMean } from '../text/nearest.js';
import type { Report } from '../parse/report.js';

const COMMENT = /(?:^|\s)#\s*lint-ignore(-file)?\b(?::\s*([a-z_]+(?:\s*,\s*[a-z_]+)*))?/;

interface Ignore {
  /** Line from 1; absent = the whole file. */
  line?: number;
  /** Codes of the ignored findings; absent = all. */
  codes?: string[];
}

/**
 * Suppression comments of a text: `# lint-ignore: code, code` applies to its own line, or to the next line when it stands
 * alone; `# lint-ignore-file: code` applies to the file. Errors cannot be suppressed.
 */
export class Ignores {
  private readonly all: Ignore[] = [];

  constructor(report: Report) {
    let offset = 0;
    for (const [index, text] of report.source.split('\n').entries()) {
      this.read(report, text, index + 1, offset);
      offset += text.length + 1;
    }
  }

  hides({ severity, code, line }: Diagnostic): boolean {
    if (severity === 'error') return false;
    return this.all.some(
      (each) =>
        (each.line === undefined || each.line === line) && (each.codes?.includes(code) ?? true),
    );
  }

  private read(report: Report, text: string, line: number, offset: number): void {
    const found = COMMENT.exec(text);
    if (!found) return;
    const [, file, listed] = found;
    const codes = listed?.split(',').map((code) => code.trim());
    const alone = text.trimStart().startsWith('#');
    for (const code of codes ?? [])
      checkCode(report, code, offset + text.indexOf(code, found.index));
    this.all.push({ ...(!file && { line: alone ? line + 1 : line }), ...(codes && { codes }) });
  }
}

function checkCode(report: Report, code: string, offset: number): void {
  const known = [...Object.keys(LINTS), ...Object.keys(CODES)];
  if (known.includes(code)) return;
  const hint = didYouMean(code, known) ?? 'mission lint --help lists them';
  report.add('unknown_lint', { offset }, `there is no finding "${code}"`, hint);
}
