import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/stdio.js';
import { modern } from '../../api/mcp/clients.js';
import { endRun, writeGreet } from '../../api/mcp/runs-by-hand.js';
import { type TestApi, withApi } from '../../api/support.js';
import { compiled } from '../../support/compiled.js';

let main: string;
beforeAll(async () => void (main = join(await compiled(), 'cli/main.js')), 60_000);

let api: TestApi;
withApi((given) => void (api = given));
beforeAll(() => writeGreet(api));
const ends: (() => unknown)[] = [];
afterEach(async () => void (await Promise.all(ends.splice(0).map((end) => end()))));

const program = (url = api.url, key: string = api.key) => ({
  command: process.execPath,
  args: [main, 'mcp', 'serve', '--url', url],
  env: { ...(process.env as Record<string, string>), MISSION_API_KEY: key },
});

/** A door whose lines the test writes and reads itself. */
function door(url: string = api.url, key: string = api.key) {
  const { command, args, env } = program(url, key);
  const child = spawn(command, args, { env, stdio: ['pipe', 'pipe', 'ignore'] });
  ends.push(() => child.kill());
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const send = (message: unknown) =>
    child.stdin.write(`${typeof message === 'string' ? message : JSON.stringify(message)}\n`);
  const receive = async (): Promise<any> => JSON.parse((await lines.next()).value!);
  const ask = (message: unknown) => (send(message), receive());
  const exit = new Promise((resolve) => child.once('exit', resolve));
  return { send, receive, ask, end: () => (child.stdin.end(), exit) };
}

const call = (method: string, params?: any, id: any = 1) => ({
  ...modern(method, params).body,
  id,
});

describe('clients of both generations', () => {
  const check = async (client: any) => {
    ends.push(() => client.close());
    expect((await client.listTools()).tools).toHaveLength(4);
    const found = await client.callTool({
      name: 'search',
      arguments: { item_type: 'directive', query: 'hello' },
    });
    expect(found.structuredContent.results[0].id).toBe('greet');
  };

  test.each(['legacy', 'auto', { pin: '2026-07-28' }] as const)('v2, %j', async (mode) => {
    const client = new Client({ name: 't', version: '1' }, { versionNegotiation: { mode } });
    await client.connect(new StdioClientTransport(program()));
    await check(client);
  });

  test('v1', async () => {
    const client = new ClientV1({ name: 't', version: '1' });
    await client.connect(new TransportV1(program()) as any);
    await check(client);
  });
});

test('a client that initializes after a successful discovery is served', async () => {
  const { ask, send } = door();
  expect((await ask(call('server/discover'))).result.supportedVersions).toContain('2026-07-28');
  const params = {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'a', version: '1' },
  };
  expect(
    (await ask({ jsonrpc: '2.0', id: 2, method: 'initialize', params })).result.protocolVersion,
  ).toBe('2025-11-25');
  send({ jsonrpc: '2.0', method: 'notifications/initialized' });
  expect((await ask({ jsonrpc: '2.0', id: 'x', method: 'tools/list' })).result.tools).toHaveLength(
    4,
  );
});

test('odd lines and unknown methods are answered, and the door stays open', async () => {
  const { ask } = door();
  expect((await ask('{')).error.code).toBe(-32700);
  expect((await ask('[]')).error.code).toBe(-32700);
  expect((await ask(call('nothing/here', {}, 'a'))).error.code).toBe(-32601);
  expect((await ask(call('tools/call', { name: 'wörd\n', arguments: {} }))).error.code).toBe(
    -32602,
  );
  expect((await ask(call('tools/list'))).result.tools).toHaveLength(4);
});

test('a cancelled call ends the wait, not the run, and has no answer', async () => {
  const { send, receive } = door();
  const args = {
    item_type: 'directive',
    action: 'run',
    item_id: 'greet',
    parameters: { inputs: { who: 'A' } },
  };
  send(call('tools/call', { name: 'execute', arguments: args }, 7));
  let rows: any[] = [];
  while (rows.length === 0)
    rows = await api.dataSource.query('SELECT id FROM directive_executions');
  send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 7 } });
  send(call('tools/list', {}, 8));
  expect((await receive()).id).toBe(8);
  const load = { item_type: 'execution', item_id: rows[0].id, wait_seconds: 20 };
  send(call('tools/call', { name: 'load', arguments: load }, 9));
  await endRun(api, rows[0].id, 'success', { result: 'hello A' });
  expect((await receive()).result.structuredContent.result).toBe('hello A');
});

/** A port on which nothing listens. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test('a wrong key and an API that is not there are said in the answer', async () => {
  const refused = await door(api.url, 'mc_wrong').ask(call('tools/list'));
  expect(refused.error.message).toMatch(/^Send a valid API key/);
  const gone = await door(`http://127.0.0.1:${await freePort()}`).ask(call('tools/list'));
  expect(gone.error.message).toContain('Start Mission Control with mission up.');
});

test('an answer that is cut off, or is none, is an error of that request', async () => {
  const server = createServer((request, response) => {
    request.resume();
    const isStream = request.headers['mcp-method'] === 'tools/list';
    response.writeHead(isStream ? 200 : 502, {
      'content-type': isStream ? 'text/event-stream' : 'text/html',
    });
    response.end(isStream ? ': nothing\n\n' : '<p>bad gateway</p>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => server.close());
  const { ask } = door(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  expect((await ask(call('tools/list'))).error.message).toContain('the answer was cut off');
  expect((await ask(call('server/discover'))).error.message).toContain('answered HTTP 502');
});

test('the door ends with its input', async () => {
  const { ask, end } = door();
  await ask(call('tools/list'));
  expect(await end()).toBe(0);
});
