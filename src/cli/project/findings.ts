import { noteDiagnostics, type CheckedFile } from './checked-file.js';
import type { Session } from '../client/session.js';

/**
 * Prints diagnostics: with `--json` one object, otherwise each finding and a
 * line for each file.
 */
export function printFindings(session: Session, checked: readonly CheckedFile[]): void {
  if (session.json) session.result({ files: checked.map(toJson) }, String);
  else for (const each of checked) tell(session, each);
}

const toJson = ({ file, valid, diagnostics }: CheckedFile) => ({ file, valid, diagnostics });

function tell(session: Session, checked: CheckedFile): void {
  noteDiagnostics(session, checked);
  const { file, valid, diagnostics } = checked;
  const count = (severity: string) =>
    diagnostics.filter((each) => each.severity === severity).length;
  const counts = [plural(count('error'), 'error'), plural(count('warning'), 'warning')].filter(
    Boolean,
  );
  const verdict = valid ? session.paint('green', 'valid') : session.paint('red', 'invalid');
  session.result(null, () => `${file}: ${[verdict, ...counts].join(', ')}`);
}

const plural = (count: number, noun: string) =>
  count === 0 ? '' : `${count} ${noun}${count === 1 ? '' : 's'}`;
