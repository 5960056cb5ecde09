#!/usr/bin/env node
// Runs the CLI: installs and builds what is missing, then goes on under Node 24.
// This file must be readable by any Node that knows modules, to say that it is too old.
const major = Number(process.versions.node.split('.')[0]);
if (major < 20) {
  console.error(
    `Mission Control needs Node 20 or newer; this is ${process.version}. See https://nodejs.org.`,
  );
  process.exit(1);
}
const { setUp } = await import('./set-up/set-up.mjs');
const { runNode } = await import('./set-up/run.mjs');
await setUp();
await runNode(['dist/cli/main.js', ...process.argv.slice(2)]);
