import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ReadyModel } from '../../../src/platform/meaning/meaning-model.js';

/** Speaks like the process of the real model. Its vectors count letters: texts of the same letters mean the same. */
const PROGRAM = `#!/usr/bin/env node
const { createInterface } = require('node:readline');
const { appendFileSync } = require('node:fs');
const folder = process.argv.at(-1);
appendFileSync(folder + '/starts', process.pid + '\\n');
console.log('a line of a library');
console.log(JSON.stringify({ ready: true }));
createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, text } = JSON.parse(line);
  appendFileSync(folder + '/asked', text + '\\n');
  if (text.includes('[hang]')) return;
  if (text.includes('[die]')) process.exit(3);
  const vector = new Float32Array(384);
  for (const letter of text.toLowerCase().match(/[a-z]/g) ?? []) vector[letter.charCodeAt(0) - 97] += 1;
  const length = Math.hypot(...vector) || 1;
  const bytes = Buffer.from(vector.map((each) => each / length).buffer);
  console.log(JSON.stringify({ id, vector: bytes.toString('base64') }));
});
`;

/** A model in a directory of its own. */
export function standIn(program = PROGRAM): ReadyModel & { remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'mission-stand-in-'));
  const python = join(folder, 'python.cjs');
  mkdirSync(folder, { recursive: true });
  writeFileSync(python, program);
  chmodSync(python, 0o755);
  return { python, folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
