import { checkFile, type CheckedFile } from '../project/checked-file.js';
import { EXIT } from '../terminal/cli-error.js';
import type { Handler } from '../client/command-spec.js';
import { printFindings } from '../project/findings.js';
import { askConfiguration, noteStale } from '../client/stale-config.js';
import { ProjectContexts } from '../project/project-context.js';

/** `mission validate FILE…`: fails when any file has an error; warnings do not count. */
export const validate: Handler = async (session, files) => {
  const shops = new ProjectContexts(session);
  const checked: CheckedFile[] = [];
  for (const file of files) checked.push(await checkFile(session, await shops.of(file), file));
  printFindings(session, checked);
  noteStale(session, await askConfiguration(session));
  return checked.every(({ valid }) => valid) ? EXIT.done : EXIT.failed;
};
