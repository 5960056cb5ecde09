import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sweep } from './leftovers.mjs';

/**
 * Creates one directory per run. Servers start when a test requests them
 * (`stack.ts`).
 */
export default async function setup() {
  await sweep(tmpdir(), readdirSync(tmpdir()));
  const directory = join(tmpdir(), `mission-test-${process.pid}`);
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { mode: 0o700 });
  process.env.MISSION_TEST_DIR = directory;
  // No instance of a test downloads the model for search by meaning; the tests of meaning use it themselves.
  process.env.MISSION_MEANING = 'off';
}
