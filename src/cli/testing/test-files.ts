import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { CliError, EXIT } from '../terminal/cli-error.js';
import type { Session } from '../client/session.js';

const TEST = /\.test\.ya?ml$/;

/**
 * Lists the test files at the paths: files as they are, directories
 * recursively.
 */
export async function testFiles(named: readonly string[]): Promise<string[]> {
  const found = await Promise.all(named.map(filesOf));
  return [...new Set(found.flat())];
}

async function filesOf(path: string): Promise<string[]> {
  const known = await stat(path).catch(() => undefined);
  if (!known) throw new CliError(EXIT.usage, 'not_found', `there is no file or folder ${path}`);
  if (!known.isDirectory()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory() && TEST.test(entry.name))
    .filter(({ parentPath }) => !parentPath.includes('node_modules'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** The default directive of a test file: the one in its file name. */
export const testedBy = (file: string): string => file.replace(/^.*[\\/]/, '').replace(TEST, '');

/** The project's directories of directives and tests. */
export async function usualPlaces(session: Session): Promise<string[]> {
  const { loadClientConfig } = await import('../../platform/config/config-client.js');
  const { project } = loadClientConfig(session.env);
  const places = ['.ai/tests', '.ai/directives'].map((folder) => shorter(join(project, folder)));
  return places.filter((place) => existsSync(place));
}

/** The path relative to the working directory, where it is below it. */
const shorter = (path: string): string => {
  const near = relative('', path);
  return near.startsWith('..') ? path : near;
};
