import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { CliError, EXIT } from '../terminal/cli-error.js';
import type { Handler } from '../client/command-spec.js';
import { newProject, putSchemas } from '../project/scaffold.js';

/**
 * `mission init [FOLDER]`: creates a project with a runnable directive.
 * Existing files are kept.
 */
export const init: Handler = async (session, [folder = '.']) => {
  const project = resolve(folder);
  const written: string[] = [];
  const kept: string[] = [];
  for (const [path, text] of Object.entries(newProject())) {
    const isNew = await writeNew(join(project, path), text);
    (isNew ? written : kept).push(path);
  }
  const schemas = await putSchemas(project);
  written.push(...schemas.map((file) => relative(project, file)));
  session.result({ project, written, kept }, () =>
    [...written.map((path) => `wrote ${path}`), ...kept.map((path) => `kept  ${path}`)].join('\n'),
  );
  session.note(nextSteps(shortest(project)));
  return EXIT.done;
};

/** A path for `cd`: relative where the folder lies below, otherwise absolute. */
function shortest(folder: string): string {
  const path = relative('', folder);
  return path.startsWith('..') ? folder : path;
}

const nextSteps = (folder: string): string =>
  [
    'next:',
    ...(folder === '' ? [] : [`  cd ${folder}`]),
    '  mission test                      # no server, no effects',
    '  mission up                        # starts Mission Control for this project; leave it running',
    '  mission run hello --input who=you # in another terminal, in the same folder',
  ].join('\n');

/** Writes a file; returns false when it exists already. */
async function writeNew(file: string, text: string): Promise<boolean> {
  await mkdir(dirname(file), { recursive: true }).catch((error) => refuse(file, error));
  try {
    await writeFile(file, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    return refuse(file, error as Error);
  }
}

function refuse(file: string, { message }: Error): never {
  const hint = 'choose a folder in which you can write: mission init FOLDER';
  throw new CliError(EXIT.failed, 'unavailable', `${file} cannot be written: ${message}`, hint);
}
