import { spawn } from 'node:child_process';

export interface RunOptions {
  limitMs: number;
  signal?: AbortSignal;
  cwd?: string;
  env?: NodeJS.ProcessEnv;
}

const MAX_STDERR = 2_000;

/**
 * Runs a command that may take minutes.
 * @returns the reason of a failure (the end of its stderr); undefined on
 * success
 */
export function runToEnd(
  command: string,
  args: string[],
  { limitMs, ...options }: RunOptions,
): Promise<string | undefined> {
  const child = spawn(command, args, {
    ...options,
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: limitMs,
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-MAX_STDERR);
  });
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => {
      if (code === 0) resolve(undefined);
      else resolve(signal ? `it was terminated by ${signal}` : stderr.trim());
    });
  });
}
