/** Severity of a finding. Only `error` makes a file invalid. */
export type Severity = 'error' | 'warning' | 'info';

/** One finding about a directive's text. Lines and columns count from 1, columns in characters. */
export interface Diagnostic {
  code: string;
  severity: Severity;
  /** The problem and its place, in one sentence. */
  message: string;
  /** The remedy. */
  hint?: string;
  line: number;
  column: number;
}
