import { EXIT } from '../terminal/cli-error.js';
import type { Handler } from '../client/command-spec.js';

/** `mission up`: runs all services in this terminal, until Ctrl-C. */
export const up: Handler = async (session) => {
  const { runUp } = await import('../../supervisor/up.js');
  const say = (line: string) => session.tell(line);
  await runUp(await session.config(), { say });
  return EXIT.done;
};
