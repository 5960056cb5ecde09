import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readSync, fstatSync } from 'node:fs';
import { dirname } from 'node:path';

/** A server process that Mission Control started. */
export interface ServerProcess {
  pid: number;
  child: ChildProcess;
  /**
   * Resolves with the reason of the end, such as `exit code 1` or `SIGKILL`;
   * never rejects.
   */
  ended: Promise<string>;
  hasEnded(): boolean;
}

export interface SpawnOptions {
  /** File to which stdout and stderr are appended. */
  logFile: string;
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  uid?: number;
  gid?: number;
  /** Opens an IPC channel, which closes when this process dies. */
  ipc?: boolean;
}

/**
 * Starts a server in its own process group, so that Ctrl-C reaches only this
 * process, which then ends the servers in order.
 * @throws Error when the program cannot be started
 */
export async function spawnServer(
  command: string,
  args: string[],
  { logFile, ipc = false, ...options }: SpawnOptions,
): Promise<ServerProcess> {
  mkdirSync(dirname(logFile), { recursive: true });
  const log = openSync(logFile, 'a');
  const stdio: StdioOptions = ipc ? ['ignore', log, log, 'ipc'] : ['ignore', log, log];
  const child = spawn(command, args, { ...options, stdio, detached: true });
  closeSync(log);
  let over = false;
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => {
      over = true;
      resolve(signal ?? `exit code ${code}`);
    });
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  return { pid: child.pid as number, child, ended, hasEnded: () => over };
}

/** The end of a log file: at most `bytes`, and nothing before `offset`. */
export function logTail(file: string, bytes = 4096, offset = 0): string {
  try {
    const log = openSync(file, 'r');
    const { size } = fstatSync(log);
    const start = Math.max(offset, size - bytes);
    const buffer = Buffer.alloc(Math.max(0, size - start));
    readSync(log, buffer, 0, buffer.length, start);
    closeSync(log);
    return buffer.toString('utf8').trim();
  } catch {
    return '';
  }
}
