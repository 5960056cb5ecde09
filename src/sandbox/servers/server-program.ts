import { accessSync, constants, existsSync, realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { containsPath } from '../../platform/files/contains-path.js';
import type { StdioServer } from './server-process.js';

/**
 * A server's command line as it runs in the jail, and the paths that it must be
 * able to read.
 */
export interface ServerProgram {
  argv: string[];
  visible: string[];
}

const SYSTEM = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'];
/** Programs that run a file named by one of their arguments. */
const INTERPRETER = /^(node(js)?|tsx|bun|deno|python[\d.]*|ruby|perl|php|java|sh|bash|dash)$/;

/**
 * Finds the program and, for an interpreter, the file that it runs. A file
 * outside the system and the project becomes readable together with its
 * package: the `node_modules`, package or Python environment around it,
 * otherwise its directory.
 * @param path the server's PATH, to find the command
 * @throws Error with the reason, fit for people
 */
export function serverProgram(server: StdioServer, project: string, path: string): ServerProgram {
  const { command, args, cwd } = server;
  if (!isKind(cwd, 'isDirectory')) {
    throw new Error(`${command} cannot be started in ${cwd}: there is no such directory`);
  }
  const program = find(command, cwd, path);
  const interprets = [program, realpathSync(program)].some((at) => INTERPRETER.test(basename(at)));
  const file = interprets ? args.map((arg) => resolve(cwd, arg)).find(isFile) : undefined;
  const visible = [program, ...(file === undefined ? [] : [file])]
    .flatMap((at) => [at, realpathSync(at), ...pythonOf(at)])
    .filter((at) => !SYSTEM.some((each) => containsPath(each, at)) && !containsPath(project, at))
    .map(surroundings);
  return { argv: [program, ...args], visible: [...new Set(visible)] };
}

function find(command: string, cwd: string, path: string): string {
  const named = command.includes('/');
  const places = named ? [''] : path.split(':');
  const programs = places.map((folder) => resolve(cwd, folder, command)).filter(isProgram);
  const found = programs.find((program) => !isShim(program)) ?? programs[0];
  if (found !== undefined) return found;
  const why = named ? 'there is no such program' : 'it is not in any folder of PATH';
  throw new Error(
    `${command} cannot be started in ${cwd}: ${why}; install it in the project, or correct the name`,
  );
}

/** A script of pyenv, asdf or the like, which looks for the program in folders that the jail hides. */
const isShim = (program: string) => basename(dirname(program)) === 'shims';

/** The Python installation that a virtual environment links to. */
function pythonOf(file: string): string[] {
  const python = join(dirname(file), 'python3');
  const borrows = existsSync(join(dirname(file), '../pyvenv.cfg')) && existsSync(python);
  return borrows ? [realpathSync(python)] : [];
}

/**
 * The directory to make readable with a file: never a home directory or a
 * directory above one.
 */
function surroundings(file: string): string {
  const modules = /^.*?\/node_modules(?=\/)/.exec(file)?.[0];
  if (modules !== undefined) return modules;
  const folders = foldersAbove(file);
  const first = (...names: string[]) =>
    folders.find((folder) => names.every((name) => existsSync(join(folder, name))));
  return (
    first('pyvenv.cfg') ??
    first(join('lib', basename(file))) ??
    first('package.json', 'node_modules') ??
    first('package.json') ??
    folders[0] ??
    file
  );
}

/** The directories above a file, innermost first, up to the home directory. */
function foldersAbove(file: string): string[] {
  const folder = dirname(file);
  return containsPath(folder, homedir()) ? [] : [folder, ...foldersAbove(folder)];
}

function isKind(path: string, kind: 'isFile' | 'isDirectory'): boolean {
  try {
    return statSync(path)[kind]();
  } catch {
    return false;
  }
}

const isFile = (path: string) => isKind(path, 'isFile');

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return isFile(path);
  } catch {
    return false;
  }
}
