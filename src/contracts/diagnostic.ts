/** Only `error` refuses a file. */
export type Severity = 'error' | 'warning' | 'info';

/** One finding about a directive's text. Lines and columns count from 1, columns in characters. */
export interface Diagnostic {
  code: string;
  severity: Severity;
  /** What is wrong and where, in one sentence. */
  message: string;
  /** What to do about it. */
  hint?: string;
  line: number;
  column: number;
}
