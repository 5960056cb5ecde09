import { checkFile, type CheckedFile } from '../checked-file.js';
import { EXIT } from '../cli-error.js';
import type { Handler } from '../command-spec.js';
import { tellFindings } from '../findings.js';
import { askConfiguration, noteStale } from '../stale-config.js';
import { Workshops } from '../workshop.js';

/** `mission validate FILE…`: fails when any file has an error; warnings do not count. */
export const validate: Handler = async (session, files) => {
  const shops = new Workshops(session);
  const checked: CheckedFile[] = [];
  for (const file of files) checked.push(await checkFile(session, await shops.of(file), file));
  tellFindings(session, checked);
  noteStale(session, await askConfiguration(session));
  return checked.every(({ valid }) => valid) ? EXIT.done : EXIT.failed;
};
