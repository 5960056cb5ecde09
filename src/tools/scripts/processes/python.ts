import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ASK = 'import json, sys; print(json.dumps([sys.executable, sys.prefix, sys.base_prefix]))';

/** An interpreter, and the folders that it needs to be able to read. */
export interface Python {
  program: string;
  folders: string[];
}

/**
 * The Python of a project: its `.venv`, else the `python3` on PATH. A shim (pyenv, asdf) is followed
 * once to what it stands for: going through it costs as much as a whole start.
 * @returns just `python3` where it cannot be asked (starting it then tells why)
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
