import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import type { McpServerConfig } from '../../platform/config/config.js';
import { killWithParent } from './kill-with-parent.js';

/** The configuration of a server over stdio, with its secrets filled in. */
export type StdioServer = McpServerConfig & { transport: 'stdio' };

/**
 * The process of an MCP server. It leads a process group, which ends when this
 * process ends.
 */
export interface ServerProcess {
  child: ChildProcessWithoutNullStreams;
  /** Describes how the process ended, such as `exited with code 1`. */
  ending(code: number | null, signal: NodeJS.Signals | null): string;
  /** Sends a signal to all processes of the group. */
  kill(signal: 'SIGTERM' | 'SIGKILL'): void;
}

/** Describes how a process ended, such as `exited with code 1`. */
export const endingText = (code: number | null, signal: NodeJS.Signals | null): string =>
  signal === null ? `exited with code ${code}` : `was killed by ${signal}`;

/** Starts a server without a jail, with the rights of this process. */
export function startServer(
  { command, args, cwd }: StdioServer,
  env: Record<string, string>,
): ServerProcess {
  const child = spawn(...killWithParent(command, args), { env, cwd, detached: true });
  const kill = (signal: NodeJS.Signals) => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal);
    } catch {
      // The group has no member left.
    }
  };
  return { child, ending: endingText, kill };
}
