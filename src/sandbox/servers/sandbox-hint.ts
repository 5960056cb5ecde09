import { basename } from 'node:path';
import { readGrants } from '../project/grants.js';
import type { StdioServer } from './server-process.js';

/** They fetch from the network what they then run. */
const INSTALLERS = /^(npx|npm|pnpm|pnpx|yarn|bunx|uvx|uv|pipx)$/;

/** What to say besides when a server cannot be connected: behind walls much is otherwise, and the server does not know. */
export function sandboxHint(
  { command, permissions }: StdioServer,
  { pid }: { pid: number | undefined },
): string {
  if (!permissions || pid === undefined) return '';
  if (INSTALLERS.test(basename(command)) && readGrants(permissions).hosts.length === 0) {
    return `. Behind walls ${basename(command)} can install nothing: install the package in the project and name its program, or grant it network (read:network:registry.npmjs.org)`;
  }
  return '. It is jailed: it sees the programs of the system, the project, its own package and what its permissions open';
}
