import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { childEnvironment } from '../config-child-environment.js';
import { engineVersion } from './engine-version.js';
import { withProgress } from './with-progress.js';

/** The newest tag that `go install` takes: later ones have a `replace` directive. */
const MODULE = 'github.com/temporalio/cli/cmd/temporal@v1.5.1';
/** Where Go may fetch modules from, and through what. */
const NETWORK = [
  ...['GOPROXY', 'GOSUMDB', 'GONOSUMDB', 'GOPRIVATE', 'GOROOT', 'GOTOOLCHAIN'],
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy'],
  ...['SSL_CERT_FILE', 'SSL_CERT_DIR'],
];
const LIMIT_MS = 30 * 60_000;

/** Go's caches grow to 3.5 GB: ours are temporary, and lie beside the program so that the rename is atomic. */
function install(dir: string): Promise<string | undefined> {
  const paths = { GOPATH: join(dir, 'path'), GOCACHE: join(dir, 'cache'), GOBIN: join(dir, 'bin') };
  const tmp = join(dir, 'tmp');
  mkdirSync(tmp);
  const own = { ...paths, GOTMPDIR: tmp, GOFLAGS: '-modcacherw', CGO_ENABLED: '0' };
  const env = childEnvironment(own, NETWORK);
  const child = spawn('go', ['install', '-ldflags', '-s -w', MODULE], {
    env,
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
    child.once('close', (code) => resolve(code === 0 ? undefined : stderr.trim()));
  });
}

async function compile(dir: string, file: string, say: (line: string) => void) {
  const what = 'Compiling the Temporal server with Go (once; three to five minutes on two cores)';
  const failure = await withProgress(what, say, () => install(dir));
  const program = join(dir, 'bin', 'temporal');
  if (failure !== undefined) return `Compiling failed: ${failure}`;
  if (!engineVersion(program)) return 'Compiling failed: the program does not run';
  renameSync(program, file);
  return undefined;
}

/**
 * Compiles the server with Go into `file`.
 * @returns why it did not work; undefined when it did
 */
export async function compileEngine(
  file: string,
  say: (line: string) => void,
): Promise<string | undefined> {
  if (spawnSync('go', ['version']).status !== 0) return 'There is no Go to compile it with';
  const dir = mkdtempSync(join(dirname(file), 'compile-'));
  try {
    return await compile(dir, file, say);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
