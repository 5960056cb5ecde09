import { basename } from 'node:path';
import { readGrants } from '../project/grants.js';
import type { StdioServer } from './server-process.js';

/** Package runners that download a program before they run it. */
const INSTALLERS = /^(npx|npm|pnpm|pnpx|yarn|bunx|uvx|uv|pipx)$/;

/**
 * A hint to add to the error when a server cannot be connected: a jailed server
 * often fails without knowing the cause.
 */
export function sandboxHint(
  { command, permissions }: StdioServer,
  { pid }: { pid: number | undefined },
): string {
  if (!permissions || pid === undefined) return '';
  if (INSTALLERS.test(basename(command)) && readGrants(permissions).hosts.length === 0) {
    return `. In the sandbox ${basename(command)} cannot install packages: install the package in the project and use its program as the command, or grant network access (read:network:registry.npmjs.org)`;
  }
  return '. The server runs in a sandbox: it can read the programs of the system, the project, its own package and what its permissions grant';
}
