import type { Handler } from '../../client/command-spec.js';
import { StdioDoor } from '../../mcp/stdio-door.js';
import { EXIT } from '../../terminal/cli-error.js';

/** `mission mcp serve`. Stdout belongs to the protocol; what people should know goes to stderr. */
export const serveMcp: Handler = async (session) => {
  const { connection } = await session.api();
  const door = new StdioDoor(connection, session.io.out, (text) => session.note(text));
  await door.serve(session.io.in);
  return EXIT.done;
};
