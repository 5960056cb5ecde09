import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import { compiled } from '../support/compiled.js';
import { TEST_DIRECTORY } from '../support/once.js';

const BUNDLE = resolve(import.meta.dirname, '../../bin/set-up/bundle.mjs');

it('bundles the workflows without a warning, and with nothing of Node in them', async () => {
  const target = join(TEST_DIRECTORY, 'workflow-bundle.js');
  const entry = join(await compiled(), 'workflows/index.js');
  const { stderr } = await promisify(execFile)(process.execPath, [BUNDLE, entry, target]);
  expect(stderr).toBe('');
  const code = readFileSync(target, 'utf8');
  expect(code).not.toMatch(/require\("(node:|fs|crypto|child_process|net|http)/);
  expect(code.length).toBeLessThan(3_000_000);
}, 60_000);
