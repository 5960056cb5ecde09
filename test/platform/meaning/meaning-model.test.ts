import { afterAll, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { meaningState, modelFolder } from '../../../src/platform/meaning/meaning-model.js';

const cache = mkdtempSync(join(tmpdir(), 'mission-meaning-'));
afterAll(() => rmSync(cache, { recursive: true }));

test('an empty cache, a failed attempt, a Python that is gone, and a model that can be used', () => {
  expect(meaningState(cache)).toEqual({ kind: 'absent' });
  writeFileSync(join(cache, 'failure.json'), JSON.stringify({ reason: 'no network', at: 'now' }));
  const failed = { kind: 'absent', reason: 'no network', at: 'now' };
  expect(meaningState(cache)).toEqual(failed);
  const folder = modelFolder(cache);
  mkdirSync(folder);
  const python = (path: string) =>
    writeFileSync(join(folder, 'ready.json'), JSON.stringify({ python: path }));
  python(join(cache, 'gone'));
  expect(meaningState(cache)).toEqual(failed);
  python(process.execPath);
  expect(meaningState(cache)).toEqual({ kind: 'ready', python: process.execPath, folder });
});
