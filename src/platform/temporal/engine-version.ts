import { spawnSync } from 'node:child_process';

/**
 * The output of `temporal --version`; undefined when the program is missing or
 * broken.
 */
export function engineVersion(program: string): string | undefined {
  const { status, stdout } = spawnSync(program, ['--version'], {
    encoding: 'utf8',
    timeout: 20_000,
  });
  return status === 0 && stdout.startsWith('temporal version') ? stdout.trim() : undefined;
}

/** The `temporal` program on PATH, if it runs. */
export const engineOnPath = (): string | undefined =>
  engineVersion('temporal') === undefined ? undefined : 'temporal';
