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
const { code } = await bundleWorkflowCode({ workflowsPath, logger });
writeFileSync(target, code);
