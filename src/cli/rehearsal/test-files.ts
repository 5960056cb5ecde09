import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CliError, EXIT } from '../cli-error.js';

const TEST = /\.test\.ya?ml$/;

/** The test files among what was named: files as they are, folders with everything below. */
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

/** What a file tests where it does not say: the directive that it is named after. */
export const testedBy = (file: string): string => file.replace(/^.*[\\/]/, '').replace(TEST, '');
