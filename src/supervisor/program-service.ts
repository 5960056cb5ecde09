import { join } from 'node:path';
import { serverEnvironment } from '../platform/config/config-server-environment.js';
import { terminate } from '../platform/files/processes.js';
import { spawnServer } from '../platform/servers/server-process.js';
import type { Service } from './service.js';

/** A process of Mission Control: the API or the worker. */
export interface Program {
  name: string;
  /** Arguments of Node: flags, then the file. */
  args: string[];
  /** Milliseconds between SIGTERM and SIGKILL. */
  drainMs: number;
}

/** Kills processes that the program left in its group. */
function clearGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The group has no member left, which is the normal case.
  }
}

/**
 * Runs a program with the current Node. The environment configures it, and it
 * ends by itself when its IPC channel to the supervisor closes.
 */
export function programService(
  { name, args, drainMs }: Program,
  logs: string,
  environment: Record<string, string | undefined>,
): Service {
  const logFile = join(logs, `${name.toLowerCase()}.log`);
  const env = serverEnvironment(environment);
  const start = async () => {
    const server = await spawnServer(process.execPath, args, { logFile, env, ipc: true });
    const stop = async () => {
      await terminate(server.pid, ['SIGTERM', drainMs], ['SIGKILL', 2_000]);
      clearGroup(server.pid);
    };
    return { ...server, stop };
  };
  return { name, logFile, start };
}
