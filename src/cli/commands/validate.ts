import { checkFile, type CheckedFile } from '../project/checked-file.js';
import { EXIT } from '../terminal/cli-error.js';
import type { Handler } from '../client/command-spec.js';
import { tellFindings } from '../project/findings.js';
import { askConfiguration, noteStale } from '../client/stale-config.js';
import { Workshops } from '../project/workshop.js';

/** `mission validate FILE…`: fails when any file has an error; warnings do not count. */
export const validate: Handler = async (session, files) => {
  const shops = new Workshops(session);
  const checked: CheckedFile[] = [];
  for (const file of files) checked.push(await checkFile(session, await shops.of(file), file));
  tellFindings(session, checked);
  noteStale(session, await askConfiguration(session));
  return checked.every(({ valid }) => valid) ? EXIT.done : EXIT.failed;
};
