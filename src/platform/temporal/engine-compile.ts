import { spawnSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { childEnvironment } from '../config/config-child-environment.js';
import type { EngineSource } from './engine-source.js';
import { engineVersion } from './engine-version.js';
import { runToEnd } from './run-to-end.js';
import { withProgress } from './with-progress.js';

/**
 * The newest tag that `go install` accepts: later ones have a `replace`
 * directive.
 */
const MODULE = 'github.com/temporalio/cli/cmd/temporal@v1.5.1';
const LIMIT_MS = 30 * 60_000;
/** Variables that configure Go's downloads and its network access. */
const NETWORK = [
  ...['GOPROXY', 'GOSUMDB', 'GONOSUMDB', 'GOPRIVATE', 'GOROOT', 'GOTOOLCHAIN'],
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy'],
  ...['SSL_CERT_FILE', 'SSL_CERT_DIR'],
];

/**
 * Go's caches grow to 3.5 GB, so that temporary ones are used. They are next to
 * the program, which makes the rename atomic.
 */
function environment(dir: string): Record<string, string> {
  const paths = { GOPATH: join(dir, 'path'), GOCACHE: join(dir, 'cache'), GOBIN: join(dir, 'bin') };
  const own = { ...paths, GOTMPDIR: dir, GOFLAGS: '-modcacherw', CGO_ENABLED: '0' };
  return childEnvironment(own, NETWORK);
}

/** Compiles the server with Go. */
export const compileEngine: EngineSource = async ({ file, say, signal }) => {
  if (spawnSync('go', ['version']).status !== 0)
    return 'Go, which is needed to compile it, is not installed';
  const dir = join(dirname(file), 'compile');
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir);
  try {
    const what = 'Compiling the Temporal server with Go (once; three to five minutes on two cores)';
    const options = { limitMs: LIMIT_MS, env: environment(dir), ...(signal && { signal }) };
    const failure = await withProgress(what, say, () =>
      runToEnd('go', ['install', '-ldflags', '-s -w', MODULE], options),
    );
    if (failure !== undefined) return `Compiling failed: ${failure}`;
    const program = join(dir, 'bin', 'temporal');
    if (!engineVersion(program)) return 'Compiling failed: the program does not run';
    renameSync(program, file);
    return undefined;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
};
