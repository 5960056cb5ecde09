// Everything that can be said of the sources without running them for long; stops at the first fault.
import { runProgram } from './set-up/run.mjs';
import { setUp } from './set-up/set-up.mjs';

await setUp();
process.env.NODE_OPTIONS = '--experimental-vm-modules --no-warnings';
for (const [program, ...args] of [
  ['prettier', '--check', '.'],
  ['eslint', '.'],
  ['tsc', '-p', '.'],
  [
    'jest',
    'test/architecture',
    'test/platform/database/migrations',
    'test/set-up/bundle',
    'test/api/schema',
    'test/replay',
  ],
]) {
  console.log(`> ${program} ${args.join(' ')}`);
  await runProgram(program, args, { last: false });
}
