import { execFile } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { once, TEST_DIRECTORY } from './once.js';

const ROOT = resolve(import.meta.dirname, '../..');

/**
 * The directory of `src`, compiled once per run, for tests that start real
 * processes from it. It contains no workflow bundle.
 */
export const compiled = (): Promise<string> =>
  once('compiled', async () => {
    writeFileSync(join(TEST_DIRECTORY, 'package.json'), '{"type":"module"}');
    symlinkSync(join(ROOT, 'node_modules'), join(TEST_DIRECTORY, 'node_modules'));
    symlinkSync(join(ROOT, 'directives'), join(TEST_DIRECTORY, 'directives'));
    const target = join(TEST_DIRECTORY, 'dist');
    const swc = join(ROOT, 'node_modules/@swc/cli/bin/swc.js');
    const args = [swc, 'src', '-d', target, '--strip-leading-paths'];
    await promisify(execFile)(process.execPath, args, { cwd: ROOT });
    return target;
  });
