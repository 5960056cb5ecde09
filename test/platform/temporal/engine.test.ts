import { execFile } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { compiled } from '../../support/compiled.js';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'mission-engine-'));
  mkdirSync(join(home, 'bin'));
  for (const program of ['sh', 'sleep', 'mkdir', 'chmod']) link(program);
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function link(program: string): void {
  const target = ['/bin', '/usr/bin']
    .map((dir) => join(dir, program))
    .find((file) => existsSync(file));
  if (target) symlinkSync(target, join(home, 'bin', program));
}

function script(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${text}\n`);
  chmodSync(file, 0o755);
}

const TEMPORAL = 'echo temporal version 9.9.9';
/** `go install` that takes a moment, counts its runs and leaves a program where the real one would. */
const GO = `[ "$1" = version ] && exit 0
echo "$@ $GOFLAGS $CGO_ENABLED" >> "$HOME/go-runs"
sleep 1
mkdir -p "$GOBIN"
printf '#!/bin/sh\\n${TEMPORAL}\\n' > "$GOBIN/temporal"
chmod 755 "$GOBIN/temporal"`;

const cachePath = () => join(home, '.cache/mission-control/engine/temporal');

/** Asks for the engine in a process of its own: nothing on PATH but what the test put there, no internet. */
async function obtain(): Promise<{ code: number; output: string }> {
  const module = join(await compiled(), 'platform/temporal/engine.js');
  const code = `import(${JSON.stringify(module)}).then(({ obtainEngine }) => obtainEngine({ say: (line) => console.log(line) }))
    .then((file) => console.log('engine: ' + file), (error) => { console.log(error.message); process.exit(1); })`;
  const proxy = 'http://127.0.0.1:1';
  const env = { HOME: home, PATH: join(home, 'bin'), HTTPS_PROXY: proxy, https_proxy: proxy };
  return new Promise((done) => {
    execFile(process.execPath, ['-e', code], { env }, (error, stdout, stderr) =>
      done({ code: Number(error?.code ?? 0), output: stdout + stderr }),
    );
  });
}

describe('the Temporal server’s program', () => {
  it('is the one on PATH', async () => {
    script(join(home, 'bin/temporal'), TEMPORAL);
    expect(await obtain()).toEqual({ code: 0, output: 'engine: temporal\n' });
  });

  it('is the cached one', async () => {
    script(cachePath(), TEMPORAL);
    expect(await obtain()).toEqual({ code: 0, output: `engine: ${cachePath()}\n` });
  });

  it('is compiled once by two who ask at the same time, and leaves no caches', async () => {
    script(join(home, 'bin/go'), GO);
    script(join(home, 'bin/temporal'), 'exit 1');
    mkdirSync(join(dirname(cachePath()), 'compile/cache'), { recursive: true });
    writeFileSync(`${cachePath()}.lock`, JSON.stringify({ pid: 99_999_999, started: '' }));
    const answers = await Promise.all([obtain(), obtain()]);
    for (const { output } of answers) expect(output).toContain(`engine: ${cachePath()}`);
    const runs = readFileSync(join(home, 'go-runs'), 'utf8').trim().split('\n');
    expect(runs).toHaveLength(1);
    expect(runs[0]).toMatch(
      /^install -ldflags -s -w github\.com\/temporalio\/cli\/cmd\/temporal@v1\.5\.1 -modcacherw 0$/,
    );
    expect(readdirSync(dirname(cachePath()))).toEqual(['temporal']);
  }, 30_000);

  it('replaces a cached one that does not run', async () => {
    script(join(home, 'bin/go'), GO);
    mkdirSync(dirname(cachePath()), { recursive: true });
    writeFileSync(cachePath(), 'half a program', { mode: 0o755 });
    const { output } = await obtain();
    expect(output).toContain('does not run; it is replaced');
    expect(output).toMatch(/Downloading.*The download failed.*Compiling.*engine: /s);
  }, 30_000);

  it('names the ways out where Go fails', async () => {
    script(
      join(home, 'bin/go'),
      '[ "$1" = version ] && exit 0\necho no route to the proxy >&2; exit 1',
    );
    const { code, output } = await obtain();
    expect(code).toBe(1);
    for (const part of [
      'no route to the proxy',
      'The download failed',
      'TEMPORAL_ADDRESS',
      'PATH',
    ]) {
      expect(output).toContain(part);
    }
  }, 30_000);
});
