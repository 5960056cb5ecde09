// An MCP server over stdio that answers as its first argument says, JSON: {before, answers: {METHOD: ANSWER | [ANSWER…]}}.
// An ANSWER is put beside jsonrpc and id: {result}, {error}, …; {line} is written as it is ($ID is the id), {nothing: true}
// is none. tools/call answers with its argument `answer`; tools: ask (the client), steps (progress), heard (what came in).
import { createInterface } from 'node:readline';

const { before = '', answers = {} } = JSON.parse(process.argv[2] ?? '{}');
const heard = [];
const asked = new Map();
const write = (text) => process.stdout.write(text);
const send = (message) => write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const text = (value) => ({ result: { content: [{ type: 'text', text: JSON.stringify(value) }] } });

const USUAL = {
  initialize: ({ protocolVersion }) => ({
    result: {
      protocolVersion,
      capabilities: { tools: {} },
      serverInfo: { name: 's', version: '1' },
    },
  }),
  ping: () => ({ result: {} }),
  'tools/list': () => ({
    result: {
      tools: Object.keys(TOOLS).map((name) => ({ name, inputSchema: { type: 'object' } })),
    },
  }),
  'tools/call': ({ name, arguments: given, _meta }) => TOOLS[name](given, _meta),
};

const TOOLS = {
  say: ({ answer }) => answer,
  heard: () => text(heard.map(({ method, params }) => ({ method, params }))),
  ask: async ({ method }) => {
    send({ id: 'mine', method, params: {} });
    return text(await new Promise((resolve) => asked.set('mine', resolve)));
  },
  steps: async ({ count, everyMs }, { progressToken } = {}) => {
    for (let progress = 1; progress <= count; progress += 1) {
      await sleep(everyMs);
      const params = { progressToken, progress, total: count, message: `step ${progress}` };
      send({ method: 'notifications/progress', params });
    }
    await sleep(50); // the SDK's client forgets progress that comes together with the result
    return text('done');
  },
};

function answerTo(method, params) {
  const scripted = answers[method];
  const answer = Array.isArray(scripted) ? scripted.shift() : scripted;
  if (answer) return answer;
  return USUAL[method]?.(params) ?? { error: { code: -32601, message: `no ${method}` } };
}

write(before);
createInterface({ input: process.stdin }).on('line', async (line) => {
  const message = JSON.parse(line);
  const { id, method, params } = message;
  if (method === undefined) return asked.get(id)?.(message);
  heard.push(message);
  if (id === undefined) return;
  const { line: raw, nothing, ...answer } = await answerTo(method, params ?? {});
  if (raw !== undefined) write(raw.replace('$ID', JSON.stringify(id)));
  else if (!nothing) send({ id, ...answer });
});
