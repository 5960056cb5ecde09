// An MCP server over stdio that tries what it should not: each tool answers with what came of it, as JSON.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** What came of each try: its result, or the code of its error. */
const tried = async (tries) =>
  Object.fromEntries(
    await Promise.all(
      tries.map(async ([name, work]) => {
        try {
          return [name, (await work()) ?? 'done'];
        } catch (error) {
          return [name, { failed: error.cause?.code ?? error.code ?? error.message }];
        }
      }),
    ),
  );

const TOOLS = {
  read: ({ paths }) => tried(paths.map((path) => [path, () => readFileSync(path, 'latin1')])),
  list: ({ paths }) => tried(paths.map((path) => [path, () => readdirSync(path)])),
  write: ({ paths }) => tried(paths.map((path) => [path, () => writeFileSync(path, 'evil')])),
  fetch: ({ urls }) => tried(urls.map((url) => [url, async () => (await fetch(url)).text()])),
  /** What other processes there are, and what their environments tell. */
  spy: () => {
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    const known = pids.map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'latin1');
      } catch {
        return '';
      }
    });
    return { pids: pids.length, known: known.join('\n') };
  },
  self: () => ({
    uid: process.getuid(),
    pid: process.pid,
    cwd: process.cwd(),
    env: process.env,
    argv: process.argv,
    limits: readFileSync('/proc/self/limits', 'latin1'),
    status: readFileSync('/proc/self/status', 'latin1'),
  }),
  /** A child that leaves its process group. */
  orphan: ({ mark }) => {
    spawn('setsid', ['sh', '-c', `sleep 300 # ${mark}`], {
      stdio: 'ignore',
      detached: true,
    }).unref();
    return {};
  },
  hog: ({ mib }) => {
    hoard.push(Buffer.alloc(mib * 1024 * 1024, 1));
    return {};
  },
  sudo: () =>
    tried([
      ['setuid', () => process.setuid(0)],
      ['kill', () => process.kill(Number(process.env.WORKER), 0)],
    ]),
};
const hoard = [];

const answers = {
  initialize: ({ protocolVersion }) => ({
    protocolVersion,
    capabilities: { tools: {} },
    serverInfo: { name: 'hostile', version: '1.0.0' },
  }),
  'tools/list': () => ({
    tools: Object.keys(TOOLS).map((name) => ({ name, inputSchema: { type: 'object' } })),
  }),
  ping: () => ({}),
  'tools/call': async ({ name, arguments: args }) => ({
    content: [{ type: 'text', text: JSON.stringify(await TOOLS[name](args)) }],
  }),
};

process.stderr.write('hostile and proud of it\n');
if (process.argv.includes('stubborn')) setInterval(() => undefined, 1000);
process.on('SIGTERM', () => {
  if (existsSync('out')) writeFileSync('out/goodbye', 'asked');
  process.exit(0);
});

createInterface({ input: process.stdin }).on('line', async (line) => {
  const { id, method, params } = JSON.parse(line);
  const result = id !== undefined && (await answers[method]?.(params));
  if (result) process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, result })}\n`);
});
