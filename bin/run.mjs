// Runs a program of node_modules/.bin (or `node`) under Node 24, after installing and building what is missing.
import { runNode, runProgram } from './set-up/run.mjs';
import { setUp } from './set-up/set-up.mjs';

const [program, ...args] = process.argv.slice(2);
await setUp();
await (program === 'node' ? runNode(args) : runProgram(program, args));
