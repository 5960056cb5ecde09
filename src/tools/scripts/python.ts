import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * The Python of a project: its `.venv`, else the `python3` on PATH. A shim (pyenv, asdf) is followed
 * once to what it stands for: going through it costs as much as a whole start.
 * @returns a path, or `python3` where it cannot be asked (starting it then tells why)
 */
export async function findPython(
  projectPath: string,
  environment: Record<string, string>,
): Promise<string> {
  const own = join(projectPath, '.venv', 'bin', 'python3');
  if (await isExecutable(own)) return own;
  const ask = ['-I', '-c', 'import sys; print(sys.executable)'];
  try {
    const { stdout } = await run('python3', ask, {
      cwd: projectPath,
      env: environment,
      timeout: 10_000,
    });
    return stdout.trim() || 'python3';
  } catch {
    return 'python3';
  }
}

const isExecutable = (file: string) =>
  access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
