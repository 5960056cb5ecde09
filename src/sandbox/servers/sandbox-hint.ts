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
    return `. Behind walls ${basename(command)} can install nothing: install the package in the project and name its program, or grant it network (read:network:registry.npmjs.org)`;
  }
  return '. It is jailed: it sees the programs of the system, the project, its own package and what its permissions open';
}
