import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import type { McpServerConfig } from '../../platform/config/config.js';
import { killWithParent } from './kill-with-parent.js';

/** A server over stdio as it is configured, with its secrets filled in. */
export type StdioServer = McpServerConfig & { transport: 'stdio' };

/** The process of an MCP server; it leads a group of its own, which dies with this process. */
export interface ServerProcess {
  child: ChildProcessWithoutNullStreams;
  /** How it ended, such as `exited with code 1`. */
  ending(code: number | null, signal: NodeJS.Signals | null): string;
  /** To all of the group that is left. */
  kill(signal: 'SIGTERM' | 'SIGKILL'): void;
}

/** In words. */
export const endingText = (code: number | null, signal: NodeJS.Signals | null): string =>
  signal === null ? `exited with code ${code}` : `was killed by ${signal}`;

/** Starts a server with the rights of this process. */
export function startServer(
  { command, args, cwd }: StdioServer,
  env: Record<string, string>,
): ServerProcess {
  const child = spawn(...killWithParent(command, args), { env, cwd, detached: true });
  const kill = (signal: NodeJS.Signals) => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal);
    } catch {
      // the whole group is gone
    }
  };
  return { child, ending: endingText, kill };
}
