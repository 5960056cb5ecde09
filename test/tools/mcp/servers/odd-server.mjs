// An MCP server over stdio that misbehaves as its arguments say: garble, tell-env, flood, stderr, slow=MS, mute-pings, silent, die-on-call, big.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const modes = process.argv.slice(2);
const slow = Number(modes.find((each) => each.startsWith('slow='))?.slice(5) ?? 0);
const has = (mode) => modes.includes(mode);
const send = (message) =>
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);

const TEXTS = {
  big: () => 'x'.repeat(2 * 1024 * 1024),
  echo: (args, meta) => JSON.stringify({ args, meta }),
  orphan: () => String(orphan?.pid),
  env: () => JSON.stringify(process.env),
};

const answers = {
  initialize: ({ protocolVersion }) => ({
    protocolVersion,
    capabilities: { tools: {} },
    serverInfo: { name: 'odd', version: '1.0.0' },
  }),
  'tools/list': () => ({
    tools: Object.keys(TEXTS)
      .concat('wait', 'die')
      .map((name) => ({ name, inputSchema: { type: 'object' } })),
  }),
  ping: () => ({}),
  'tools/call': ({ name, arguments: args, _meta }) => {
    if (name === 'die') process.kill(process.pid, 'SIGKILL');
    if (name === 'wait') return undefined;
    return { content: [{ type: 'text', text: TEXTS[name](args, _meta) }] };
  },
};

if (has('tell-env')) process.stderr.write(`token: ${process.env.TOKEN}\n`);
if (has('stderr')) setInterval(() => process.stderr.write('noise\n'.repeat(1000)), 10);
if (has('ignore-end')) setInterval(() => {}, 1000);
const orphan = has('orphan') && spawn('sleep', ['300'], { stdio: 'inherit' });

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined || has('silent') || (method === 'ping' && has('mute-pings'))) return;
  if (has('garble')) process.stdout.write('\u0000{"jsonrpc": oops\n[1,2]\nnull\n\n');
  if (has('flood'))
    for (let i = 0; i < 2000; i += 1)
      send({ method: 'notifications/message', params: { level: 'info', data: 'x'.repeat(1000) } });
  const result = answers[method]?.(params);
  if (result) setTimeout(() => send({ id, result }), method === 'initialize' ? 0 : slow);
});
