import { afterAll, expect, test } from '@jest/globals';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { meaningState, modelFolder } from '../../../src/platform/meaning/meaning-model.js';
import { obtainMeaning } from '../../../src/platform/meaning/obtain-meaning.js';

const folder = mkdtempSync(join(tmpdir(), 'mission-obtain-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A program in the place of Python: it says its own path when it is asked, and then does what the test wants. */
function python(name: string, script: string): string {
  const file = join(folder, name);
  writeFileSync(
    file,
    `#!/bin/sh\ncase "$*" in *sys.executable*) echo ${file}; exit 0;; esac\n${script}\n`,
  );
  chmodSync(file, 0o755);
  return file;
}

const cacheOf = (name: string) => join(folder, `cache-${name}`);
const drafts = (cacheDir: string) => readdirSync(cacheDir).filter((name) => /draft/.test(name));

test('without Python it says so', async () => {
  const cacheDir = cacheOf('none');
  const state = await obtainMeaning({ cacheDir, python: join(folder, 'no-python') });
  expect(state).toMatchObject({
    kind: 'absent',
    reason: expect.stringContaining('no-python does not run'),
  });
  expect(meaningState(cacheDir)).toEqual(state);
});

test('without pip or a network the last line of its error is the reason, and no draft is left', async () => {
  const cacheDir = cacheOf('offline');
  const lines = [
    'WARNING: Retrying',
    'ERROR: No matching distribution found for onnxruntime',
    '[notice] x',
  ];
  const offline = python(
    'offline',
    `${lines.map((line) => `echo '${line}' >&2`).join('\n')}\nexit 1`,
  );
  const state = await obtainMeaning({ cacheDir, python: offline });
  expect(state).toMatchObject({ kind: 'absent', reason: lines[1] });
  expect(drafts(cacheDir)).toEqual([]);
});

test('files that are not the tested ones are refused', async () => {
  const cacheDir = cacheOf('forged');
  const forged = python(
    'forged',
    'for last; do :; done\nif [ -d "$last" ]; then echo x > "$last/model.onnx"; echo x > "$last/tokenizer.json"; fi\nexit 0',
  );
  expect(await obtainMeaning({ cacheDir, python: forged })).toMatchObject({
    reason: 'model.onnx is not the file that was tested',
  });
  expect([existsSync(modelFolder(cacheDir)), drafts(cacheDir)]).toEqual([false, []]);
});

test('an abort ends the download at once and is no failure', async () => {
  const cacheDir = cacheOf('abort');
  const started = join(folder, 'started');
  const slow = python('slow', `touch ${started}; exec sleep 600`);
  const stop = new AbortController();
  const obtaining = obtainMeaning({ cacheDir, python: slow, signal: stop.signal });
  while (!existsSync(started)) await new Promise((resolve) => setImmediate(resolve));
  stop.abort();
  expect((await obtaining).kind).toBe('absent');
  expect([meaningState(cacheDir), drafts(cacheDir)]).toEqual([{ kind: 'absent' }, []]);
});

test('a model that is there is taken as it is; one that does not load any more is obtained anew', async () => {
  const cacheDir = cacheOf('there');
  const calls = join(folder, 'calls');
  const good = python('good', `echo "$*" >> ${calls}; exit 0`);
  mkdirSync(modelFolder(cacheDir), { recursive: true });
  const ready = (path: string) =>
    writeFileSync(join(modelFolder(cacheDir), 'ready.json'), JSON.stringify({ python: path }));
  ready(good);
  const said: string[] = [];
  const say = (line: string) => void said.push(line);
  expect(await obtainMeaning({ cacheDir, python: good, say })).toMatchObject({ kind: 'ready' });
  expect([said, readFileSync(calls, 'utf8').includes('pip')]).toEqual([[], false]);

  ready(python('broken', 'echo "ImportError: numpy" >&2; exit 1'));
  await obtainMeaning({ cacheDir, python: good, say });
  expect(said).toEqual([expect.stringContaining('150 MB')]);
  expect(readFileSync(calls, 'utf8')).toContain('-m pip install');
});

test('while another process gets it, nothing is done twice and no failure is noted', async () => {
  const cacheDir = cacheOf('busy');
  const started = join(folder, 'busy-started');
  const slow = python('busy', `touch ${started}; exec sleep 600`);
  const stop = new AbortController();
  const first = obtainMeaning({ cacheDir, python: slow, signal: stop.signal });
  while (!existsSync(started)) await new Promise((resolve) => setImmediate(resolve));
  expect(await obtainMeaning({ cacheDir, python: slow })).toEqual({
    kind: 'absent',
    reason: `process ${process.pid} is getting it`,
  });
  stop.abort();
  await first;
  expect(meaningState(cacheDir)).toEqual({ kind: 'absent' });
});
