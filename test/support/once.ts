import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from '../../src/platform/files/file-lock.js';

/**
 * Directory of this jest run. `setup.mjs` creates it; `teardown.mjs` ends the
 * servers in it and removes it.
 */
export const TEST_DIRECTORY = process.env['MISSION_TEST_DIR'] as string;

/**
 * Does work once per test run: the first caller does it, and later callers get
 * its result.
 */
export async function once(name: string, work: () => Promise<string>): Promise<string> {
  const file = join(TEST_DIRECTORY, `${name}.once`);
  const known = () => (existsSync(file) ? readFileSync(file, 'utf8') : undefined);
  const first = async () => {
    const answer = known() ?? (await work());
    writeFileSync(file, answer);
    return answer;
  };
  return known() ?? withLock(`${file}.lock`, first);
}
