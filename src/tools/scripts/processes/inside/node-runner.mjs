/**
 * A warm runner for one TypeScript or JavaScript script: `node node-runner.mjs FILE [jailed]`.
 *
 * Calls come as JSON lines on fd 3, answers leave as JSON lines on fd 4 (see ../runner.ts for the frames).
 * fd 4 is written synchronously: a script that floods it is slowed down by the reader instead of
 * filling its own memory, and nothing is lost when it exits right after. Plain JavaScript that
 * imports only what lies beside it: it runs as it lies here, from `src` and beside `dist`.
 */
import { loaded, registerLoader } from './node-loader.mjs';
import { encodeResult, plain } from './node-result.mjs';

// `import` statements of Node's own modules cost a millisecond each, and every
// process starts with this file.
const { subscribe } = process.getBuiltinModule('node:diagnostics_channel');
const { openSync, readSync, writeSync } = process.getBuiltinModule('node:fs');
const { Socket } = process.getBuiltinModule('node:net');
const { Writable } = process.getBuiltinModule('node:stream');
const { pathToFileURL } = process.getBuiltinModule('node:url');

/** Loads the module for errors on demand: most processes never need it. */
function describe(thrown) {
  const { createRequire } = process.getBuiltinModule('node:module');
  return createRequire(import.meta.url)('./node-failure.mjs').describe(thrown, destinations);
}

/**
 * The targets that `fetch` failed to connect to, by its errors, which do not
 * contain them.
 */
const destinations = new WeakMap();
subscribe('undici:client:connectError', ({ connectParams, error }) => {
  if (Object(error) === error) destinations.set(error, connectParams);
});

// The default of ten frames is often used up by library frames.
Error.stackTraceLimit = 30;
const file = process.argv[2];
const projectPath = process.cwd();
let reported = 0;
let asked = 0;
let current;
let currentCall;
globalThis[Symbol.for('mission-sdk')] = () => {
  if (currentCall) return currentCall;
  throw new Error('mission-sdk works during a call only');
};

function write(text) {
  let bytes = Buffer.from(text);
  while (bytes.length > 0) bytes = bytes.subarray(writeSync(4, bytes));
}

const send = (frame) => write(`${JSON.stringify(frame)}\n`);

/**
 * Sends the script's prints as frames, so that they stay in order with its
 * result. The real stream is never opened: that would make its descriptor
 * non-blocking, and writes to it could fail.
 */
function redirect(name, fd) {
  const stream = new Writable({
    write(chunk, _encoding, done) {
      send({ print: [fd, chunk.toString('utf8')] });
      done();
    },
  });
  Object.defineProperty(process, name, {
    value: Object.assign(stream, { fd }),
    configurable: true,
  });
}

/** Files imported since the last report; the host watches them for changes. */
function newFiles() {
  if (loaded.size === reported) return undefined;
  reported = loaded.size;
  return [...loaded];
}

function outputInvalid(error) {
  const reason = String(error.message).split('\n')[0];
  return { code: 'output_invalid', message: `the result is not JSON: ${reason}` };
}

function openOrNot(path) {
  try {
    return openSync(path);
  } catch {
    return undefined;
  }
}

const childrenFile = openOrNot(`/proc/self/task/${process.pid}/children`);
/** In a jail, an orphaned child becomes a child of the jail's first process. */
const orphansFile = process.argv[3] === 'jailed' ? openOrNot('/proc/1/task/1/children') : undefined;
const childrenBytes = Buffer.alloc(64);

const listed = (file) => (file === undefined ? 0 : readSync(file, childrenBytes, 0, 64, 0));
const orphansAtStart = listed(orphansFile);
const hasChildren = () => listed(childrenFile) > 0 || listed(orphansFile) > orphansAtStart;

let baseline = 0;

/**
 * A resource that the call left open, beyond those that the module itself
 * opened when it was loaded.
 */
function leftOpen() {
  const resources = process.getActiveResourcesInfo();
  if (resources.length > baseline) return resources.at(-1);
  return hasChildren() ? 'child process' : undefined;
}

/**
 * A handle closes one turn of the event loop after its owner was notified; a
 * handle that is still open after that was left.
 */
async function findLeftOpen() {
  for (let turn = 0; turn < 3 && leftOpen() !== undefined; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  return leftOpen();
}

const state = async () => ({
  rss: process.memoryUsage.rss(),
  left: await findLeftOpen(),
  files: newFiles(),
});

function toolsFor(id) {
  const sendNow = (frame) => current === id && send(frame);
  return {
    log: (level, message, data) =>
      sendNow({ log: [level, String(message), ...(data === undefined ? [] : [plain(data)])] }),
    progress: (done, total, message) => sendNow({ progress: [done, total, message] }),
    heartbeat: () => sendNow({ heartbeat: true }),
    secret: (name) => askForSecret(String(name)),
  };
}

/** Requests for secrets that have no answer yet, by number. */
const questions = new Map();

function askForSecret(name) {
  const number = (asked += 1);
  return new Promise((resolve, reject) => {
    questions.set(number, { resolve, reject });
    send({ secret: [number, name] });
  });
}

function takeAnswer({ answer, value, error }) {
  const { resolve, reject } = questions.get(answer) ?? {};
  questions.delete(answer);
  if (error) reject?.(Object.assign(new Error(error.message), { code: error.code }));
  else resolve?.(value);
}

async function fail(id, error) {
  send({ id, error, ...(await state()) });
}

async function run(execute, { id, inputs, context }) {
  current = id;
  process.chdir(projectPath);
  process.env.TMPDIR = context.scratch_dir;
  process.env.MISSION_ARTIFACTS_DIR = context.artifacts_dir;
  let value;
  try {
    currentCall = { inputs, context: Object.assign(Object.create(toolsFor(id)), context) };
    value = await execute(currentCall);
  } catch (error) {
    return fail(id, describe(error));
  }
  let text;
  try {
    text = encodeResult(value);
  } catch (error) {
    return fail(id, outputInvalid(error));
  }
  write(`{"id":${id},"result":${text},${JSON.stringify(await state()).slice(1)}\n`);
}

async function load() {
  const module = await import(pathToFileURL(file).href);
  const execute = module.default?.default ?? module.default;
  if (typeof execute === 'function') return execute;
  throw new Error(
    'the script has no default export that is a function; write: export default async ({ inputs, context }) => …',
  );
}

function serve(execute) {
  const calls = new Socket({ fd: 3 });
  let rest = '';
  calls.setEncoding('utf8');
  calls.on('data', (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop();
    for (const line of lines) {
      const message = JSON.parse(line);
      if ('answer' in message) takeAnswer(message);
      else run(execute, message);
    }
  });
  // The host has ended, and nobody can receive a result.
  calls.on('close', () => process.exit(0));
  baseline = process.getActiveResourcesInfo().length;
}

process.on('uncaughtException', (error) => {
  send({ id: current ?? null, error: describe(error), left: 'an uncaught exception' });
  process.exit(1);
});
redirect('stdout', 1);
redirect('stderr', 2);
registerLoader();
serve(await load());
send({ ready: true, ...(await state()) });
