import type { Finding } from '../../supervisor/checks/check.js';
import { checkText } from './checked-file.js';
import { firstError } from '../client/directives.js';
import type { Session } from '../client/session.js';
import { ProjectContexts } from './project-context.js';

const NAME = 'directives';

/**
 * Lists the files that the project's library left out, and the directives that
 * cannot run.
 */
export async function libraryFindings(session: Session): Promise<Finding[]> {
  const shop = await new ProjectContexts(session).of();
  const { directives, problems } = await shop.library.snapshot();
  const leftOut = problems.map(({ file, message, shadowed }): Finding => {
    const text = `${file} ${message}`;
    return { name: NAME, status: shadowed ? 'ok' : 'warning', message: text };
  });
  const invalid: Finding[] = [];
  for (const { name, file, text } of directives.values()) {
    const message = firstError((await checkText(shop, file, text)).diagnostics);
    if (message === undefined) continue;
    const hint = `See mission validate ${file}`;
    invalid.push({
      name: NAME,
      status: 'warning',
      message: `${name} is invalid: ${message}`,
      hint,
    });
  }
  const count = `${directives.size - invalid.length} can be run`;
  return [{ name: NAME, status: 'ok', message: count }, ...leftOut, ...invalid];
}
