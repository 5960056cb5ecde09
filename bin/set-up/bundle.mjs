// Bundles the workflows: node bundle.mjs ENTRY TARGET. A process of its own, under Node 24.
import { writeFileSync } from 'node:fs';
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
const { code } = await bundleWorkflowCode({ workflowsPath, preloadModules, logger });
writeFileSync(target, code);
