import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { EngineSource } from './engine-source.js';
import { engineVersion } from './engine-version.js';
import { runToEnd } from './run-to-end.js';
import { withProgress } from './with-progress.js';

const LIMIT_MS = 180_000;

/**
 * The SDK can only download the server by starting it. A separate process does
 * that, because it can be killed when it hangs.
 */
const SCRIPT = `
  const { TestWorkflowEnvironment } = require('@temporalio/testing');
  const executable = { type: 'cached-download', downloadDir: process.argv[1] };
  TestWorkflowEnvironment.createLocal({ server: { executable } })
    .then((environment) => environment.teardown())
    .then(() => process.exit(0), (error) => { console.error(error.message); process.exit(1); });
`;

/**
 * The SDK repeats the address on every level of its error; the innermost part
 * is the cause.
 */
const cause = (failure = 'the download contained no program') =>
  failure.split(': ').slice(-2).join(': ');

/** Downloads the server with Temporal's SDK. */
export const downloadEngine: EngineSource = async ({ file, say, signal }) => {
  const dir = join(dirname(file), 'download');
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  try {
    const options = { limitMs: LIMIT_MS, cwd: import.meta.dirname, ...(signal && { signal }) };
    const failure = await withProgress('Downloading the Temporal server', say, () =>
      runToEnd(process.execPath, ['-e', SCRIPT, dir], options),
    );
    const programs = readdirSync(dir).map((name) => join(dir, name));
    const program = programs.find((path) => engineVersion(path));
    if (program === undefined) return `The download failed: ${cause(failure)}`;
    renameSync(program, file);
    return undefined;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
};
