import { join } from 'node:path';
import { serverEnvironment } from '../platform/config/config-server-environment.js';
import { terminate } from '../platform/files/processes.js';
import { spawnServer } from '../platform/servers/server-process.js';
import type { Service } from './service.js';

/** One of our own processes. */
export interface Program {
  name: string;
  /** Arguments of Node: flags, then the file. */
  args: string[];
  /** Milliseconds between the request to stop and the kill. */
  drainMs: number;
}

/** What a killed process left in its group. */
function clearGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody is left, as it should be.
  }
}

/**
 * Runs a program under our own Node. It is configured by its environment, and ends by itself when the
 * channel to us closes.
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
