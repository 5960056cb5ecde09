// The whole suite from a fresh clone: installs, builds, gets the Temporal server with visible progress, runs jest.
import { runNode, runProgram } from './set-up/run.mjs';
import { setUp } from './set-up/set-up.mjs';

await setUp();
if (!process.env.TEST_TEMPORAL_ADDRESS)
  await runNode(['dist/supervisor/fetch-engine.js'], { last: false });
process.env.NODE_OPTIONS =
  `${process.env.NODE_OPTIONS ?? ''} --experimental-vm-modules --no-warnings`.trim();
await runProgram('jest', process.argv.slice(2));
