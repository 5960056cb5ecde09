import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ASK = 'import json, sys; print(json.dumps([sys.executable, sys.prefix, sys.base_prefix]))';

/** A Python interpreter, and the directories that it must be able to read. */
export interface Python {
  program: string;
  folders: string[];
}

/**
 * Finds the Python of a project: its `.venv`, otherwise the `python3` on PATH.
 * A shim (pyenv, asdf) is resolved once to the interpreter behind it, because
 * starting through the shim takes as long as the start itself.
 * @returns just `python3` where the interpreter cannot be run (starting it
 * later reports why)
 */
export async function findPython(
  projectPath: string,
  environment: Record<string, string>,
): Promise<Python> {
  const own = join(projectPath, '.venv', 'bin', 'python3');
  const program = (await isExecutable(own)) ? own : 'python3';
  try {
    const options = { cwd: projectPath, env: environment, timeout: 10_000 };
    const { stdout } = await run(program, ['-I', '-c', ASK], options);
    const [found, ...folders] = JSON.parse(stdout) as string[];
    return { program: program === own ? own : found || program, folders };
  } catch {
    return { program, folders: [] };
  }
}

const isExecutable = (file: string) =>
  access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
