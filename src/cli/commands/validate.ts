import { checkFile, noteDiagnostics, type CheckedFile } from '../checked-file.js';
import { EXIT } from '../cli-error.js';
import type { Handler } from '../command-spec.js';
import type { Session } from '../session.js';
import { Workshops } from '../workshop.js';

/** `mission validate FILE…`: fails when any file has an error; warnings do not count. */
export const validate: Handler = async (session, files) => {
  const shops = new Workshops(session);
  const checked: CheckedFile[] = [];
  for (const file of files) checked.push(await checkFile(session, await shops.of(file), file));
  if (session.json) session.result({ files: checked.map(toJson) }, String);
  else for (const each of checked) tell(session, each);
  return checked.every(({ valid }) => valid) ? EXIT.done : EXIT.failed;
};

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
