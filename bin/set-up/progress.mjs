import { spawn } from 'node:child_process';
import { ROOT } from './root.mjs';

const EVERY_MS = 5_000;

/** Runs a command; says every few seconds how long it has taken. Rejects with what it printed. */
export async function withProgress(what, command, args, options = {}) {
  const start = Date.now();
  console.error(`${what} …`);
  const timer = setInterval(
    () => console.error(`${what} … ${Math.round((Date.now() - start) / 1000)} s`),
    EVERY_MS,
  );
  try {
    await run(command, args, options);
  } finally {
    clearInterval(timer);
  }
}

function run(command, args, options) {
  const child = spawn(command, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'], ...options });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => (output = (output + text).slice(-8_000)));
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(output.trim()))));
  });
}
