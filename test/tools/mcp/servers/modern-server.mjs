// A server of revision 2026-07-28, made with the public SDK. First argument: `stdio`, or the port to listen on.
import { createServer } from 'node:http';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, inputRequired, McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { z } from 'zod';

const [where, ...modes] = process.argv.slice(2);
const text = (value) => ({ content: [{ type: 'text', text: String(value) }] });
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
let aborted = 0;

function factory() {
  const server = new McpServer({ name: 'modern', version: '1.0.0' });
  const region = z.string().meta({ 'x-mcp-header': 'Region' });
  server.registerTool('echo', { inputSchema: z.object({ region }) }, (given) => text(given.region));
  server.registerTool('aborted', {}, () => text(aborted));
  server.registerTool('list', {}, () => ({ ...text('[1,2]'), structuredContent: [1, 2] }));
  server.registerTool('ask', {}, () =>
    inputRequired({
      inputRequests: {
        city: inputRequired.elicit({
          message: 'Which city?',
          requestedSchema: { type: 'object', properties: { city: { type: 'string' } } },
        }),
      },
    }),
  );
  const steps = { inputSchema: z.object({ count: z.number(), everyMs: z.number() }) };
  server.registerTool('steps', steps, async ({ count, everyMs }, { mcpReq }) => {
    const progressToken = mcpReq._meta?.progressToken;
    let ended = false;
    mcpReq.signal.addEventListener('abort', () => (aborted += ended ? 0 : 1));
    for (let progress = 1; progress <= count; progress += 1) {
      await sleep(everyMs);
      const params = { progressToken, progress, total: count, message: `step ${progress}` };
      await mcpReq.notify({ method: 'notifications/progress', params });
    }
    ended = true;
    await sleep(50); // the SDK's client forgets progress that comes together with the result
    return text('done');
  });
  return server;
}

if (where === 'stdio') serveStdio(factory, { legacy: 'reject' });
else {
  const handler = toNodeHandler(createMcpHandler(factory, { legacy: 'reject' }));
  const server = createServer((request, response) => {
    if (modes.includes('down')) return response.writeHead(503).end('in maintenance');
    return handler(request, response);
  });
  server.listen(Number(where), '127.0.0.1', () => process.stderr.write('listening\n'));
}
