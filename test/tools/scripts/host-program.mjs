/**
 * A worker in small, to be killed: runs each script of the project given as argument once and for
 * ever. Runs from source, so the build is not needed: `node --experimental-transform-types`.
 */
import '../../support/from-source.mjs';
import { basename, join } from 'node:path';
import { readdirSync } from 'node:fs';

const { ScriptHost } = await import('../../../src/tools/scripts/script-host.ts');

const project = process.argv[2];
const folder = join(project, '.ai/scripts');
const host = new ScriptHost({ projectPath: project, scratchRoot: join(project, 'scratch') });
const context = { run_id: 'r', step_path: 's', iteration: '', attempt: 1, idempotency_key: 'k' };
for (const file of readdirSync(folder)) {
  const [name, language] = basename(file).split('.');
  const call = {
    name,
    inputs: {},
    context,
    timeoutMs: 60_000,
    permissions: process.argv[3] ? ['write:filesystem'] : null,
    principal: 'tester',
    fresh: false,
    signal: new AbortController().signal,
  };
  void host.run(
    { name, language, file: join(folder, file) },
    { ...call, onLog() {}, onProgress() {} },
  );
}
