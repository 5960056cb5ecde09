// Bundles the workflows: node bundle.mjs ENTRY TARGET. A process of its own, under Node 24. Beside TARGET.js it
// writes TARGET-encrypted.js, in which the text of failures goes through the payload codec.
import { writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { bundleWorkflowCode } from '@temporalio/worker';

const [workflowsPath, target] = process.argv.slice(2);
const quiet = () => undefined;
const logger = {
  trace: quiet,
  debug: quiet,
  info: quiet,
  log: quiet,
  warn: console.error,
  error: console.error,
};
// Our modules hold no state of a run, only what they computed from a text: runs of one worker share them.
const preloadModules = [workflowsPath];
const failureConverterPath = resolve(dirname(workflowsPath), 'encoded-failures.js');
for (const [file, more] of [
  [target, {}],
  [target.replace(/\.js$/, '-encrypted.js'), { failureConverterPath }],
]) {
  const { code } = await bundleWorkflowCode({ workflowsPath, preloadModules, logger, ...more });
  writeFileSync(file, code);
}
