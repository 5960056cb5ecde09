import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import type { FileProblem } from '../../contracts/catalog.js';
import type { ProjectScript } from '../../contracts/script.js';

const FOLDERS = ['.ai/scripts', '.ai/tools'];
const SCRIPT_FILE = /^([a-z][a-z0-9_]{0,63})\.([cm]?ts|[cm]?js|py|sh)$/;

/**
 * Lists the scripts of a project by name: `NAME.{ts,mts,cts,js,mjs,cjs,py,sh}`
 * in `.ai/scripts` and `.ai/tools`. Other files there are ignored; a missing
 * directory counts as empty.
 * @param onProblem called for each file that is left out because another one
 * has the same name; the file in `.ai/scripts` wins, then the one whose
 * extension comes first in the alphabet
 */
export async function listProjectScripts(
  projectPath: string,
  onProblem: (problem: FileProblem) => void = () => undefined,
): Promise<Map<string, ProjectScript>> {
  const scripts = new Map<string, ProjectScript>();
  for (const script of FOLDERS.flatMap((folder) => scriptsIn(join(projectPath, folder)))) {
    const known = scripts.get(script.name);
    if (known) onProblem(clash(script, known));
    else scripts.set(script.name, script);
  }
  return scripts;
}

/**
 * Reads synchronously: for two directories this is faster than a thread of the
 * pool.
 */
function scriptsIn(folder: string): ProjectScript[] {
  return namesIn(folder).flatMap((file) => toScript(folder, file));
}

function toScript(folder: string, file: string): ProjectScript[] {
  const [, name, ending] = SCRIPT_FILE.exec(file) ?? [];
  if (name === undefined) return [];
  const language = ending!.replace(/^[cm]/, '') as ProjectScript['language'];
  return [{ name, language, file: join(folder, file) }];
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
}

const clash = ({ name, file }: ProjectScript, known: ProjectScript): FileProblem => ({
  file,
  message: `is not used: ${known.file} has the same name (${name}); rename one of them`,
});
