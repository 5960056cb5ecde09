import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { engineVersion } from './engine-version.js';
import { withProgress } from './with-progress.js';

const LIMIT_MS = 180_000;

/** The SDK downloads only by starting a server; a process of its own can be ended when it hangs. */
const SCRIPT = `
  const { TestWorkflowEnvironment } = require('@temporalio/testing');
  const executable = { type: 'cached-download', downloadDir: process.argv[1] };
  TestWorkflowEnvironment.createLocal({ server: { executable } })
    .then((environment) => environment.teardown())
    .then(() => process.exit(0), (error) => { console.error(error.message); process.exit(1); });
`;

function download(dir: string): Promise<string | undefined> {
  const child = spawn(process.execPath, ['-e', SCRIPT, dir], {
    cwd: import.meta.dirname,
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: LIMIT_MS,
    killSignal: 'SIGKILL',
  });
  let stderr = '';
  child.stderr
    .setEncoding('utf8')
    .on('data', (text: string) => (stderr = (stderr + text).slice(-2_000)));
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => {
      if (code === 0) resolve(undefined);
      else
        resolve(
          signal ? `no end after ${LIMIT_MS / 1000} s` : (stderr.trim().split('\n').at(-1) ?? ''),
        );
    });
  });
}

/**
 * Lets Temporal's SDK download the server into `file`.
 * @returns why it did not work; undefined when it did
 */
export async function downloadEngine(
  file: string,
  say: (line: string) => void,
): Promise<string | undefined> {
  const dir = join(dirname(file), 'download');
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  try {
    const failure = await withProgress('Downloading the Temporal server', say, () => download(dir));
    const programs = readdirSync(dir).map((name) => join(dir, name));
    const program = programs.find((path) => engineVersion(path));
    if (program === undefined) return `The download failed: ${failure ?? 'no program came'}`;
    renameSync(program, file);
    return undefined;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
