import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fail } from './fail.mjs';
import { bundledNode, oldNodeWarning } from './node.mjs';
import { inRoot } from './root.mjs';

const IMPORT = '--import=';

/** Programs that ask for `node` get the same one. Compiled code is kept: it halves the time that a start takes. */
function environment() {
  const path = [inRoot('node_modules', '.bin'), dirname(bundledNode()), process.env.PATH ?? ''];
  const cache = inRoot('node_modules', '.cache', 'node-compile');
  return { NODE_COMPILE_CACHE: cache, ...process.env, PATH: path.join(delimiter) };
}

/** npm's shell can end, or be killed, without a signal to us: then nobody is left who could stop the child. */
function followParent(child) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    child.kill('SIGTERM');
  }, 500);
  timer.unref();
}

/** Only what goes on running says so: in front of the answer of each command it would be in the way. */
function warnOfOldNode(file, [command]) {
  const stays = ['dist/api/main.js', 'dist/workers/main.js'].includes(file) || command === 'up';
  const warning = stays ? oldNodeWarning() : undefined;
  if (warning) console.error(warning);
}

/** With `ipc` the child has a channel that closes when we are killed, so that it can end itself in order. */
function start(args, ipc) {
  const stdio = ['inherit', 'inherit', 'inherit', ...(ipc ? ['ipc'] : [])];
  const child = spawn(bundledNode(), args, { env: environment(), stdio });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => child.kill(signal));
  if (process.env.npm_lifecycle_event) followParent(child);
  return child;
}

/**
 * Runs Node 24 on a file of the clone and ends with its exit code; with `last: false` only when that is not 0.
 * `--import=FILE` before it is a file of the clone, too.
 */
export async function runNode([file, ...args], { last = true, ipc = true, flags = [] } = {}) {
  if (file?.startsWith(IMPORT)) {
    const preload = IMPORT + pathToFileURL(inRoot(file.slice(IMPORT.length)));
    return runNode(args, { last, ipc, flags: [...flags, preload] });
  }
  warnOfOldNode(file, args);
  const child = start(['--enable-source-maps', ...flags, inRoot(file), ...args], ipc);
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (status, signal) => resolve(status ?? 128 + constants.signals[signal]));
  });
  if (last || code !== 0) process.exit(code);
}

/** The same for a program of node_modules/.bin. */
export function runProgram(name, args, options) {
  const link = `node_modules/.bin/${name}`;
  if (!existsSync(inRoot(link))) fail(`There is no program ${name} in node_modules/.bin.`);
  return runNode([link, ...args], { ...options, ipc: false });
}
