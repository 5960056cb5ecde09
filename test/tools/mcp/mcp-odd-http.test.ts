import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { text as textOf } from 'node:stream/consumers';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { McpServerConfig } from '../../../src/platform/config/config.js';
import { GatewayFixture, until } from './gateway-fixture.js';

const FAST = { pingEveryMs: 100, pingTimeoutMs: 400 };
const options = { timeoutMs: 5_000 };
type Answer = (response: ServerResponse, id: number, request: IncomingMessage) => unknown;

const json = (response: ServerResponse, status: number, value?: unknown, type = 'json') =>
  response
    .writeHead(status, { 'content-type': `application/${type}` })
    .end(value === undefined ? '' : JSON.stringify(value));
const events = (response: ServerResponse, ...lines: string[]) => {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  response.write(lines.join('\r\n'));
};
const result = { content: [{ type: 'text', text: 'done' }] };
const done = (id: number) => JSON.stringify({ jsonrpc: '2.0', id, result });

describe('What a server over HTTP answers oddly', () => {
  let fixture: GatewayFixture;
  const servers: Server[] = [];
  beforeAll(async () => void (fixture = await GatewayFixture.create()));
  afterEach(async () => {
    await fixture.stopGateways();
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });
  afterAll(() => fixture.end());

  /** An older server that answers some methods as it is told to. */
  async function server(answers: Record<string, Answer>): Promise<McpServerConfig> {
    const usual: Record<string, unknown> = {
      initialize: {
        protocolVersion: '2025-06-18',
        capabilities: { tools: {} },
        serverInfo: { name: 's', version: '1' },
      },
      ping: {},
      'tools/list': { tools: [{ name: 'say', inputSchema: { type: 'object' } }] },
      'tools/call': result,
    };
    const listener = async (request: IncomingMessage, response: ServerResponse) => {
      if (request.method === 'GET' && answers['GET']) return answers['GET'](response, 0, request);
      if (request.method !== 'POST') return json(response, 405);
      const { id, method } = JSON.parse(await textOf(request));
      if (answers[method]) return answers[method](response, id, request);
      if (id === undefined) return json(response, 202);
      if (!(method in usual)) return json(response, 404);
      return json(response, 200, { jsonrpc: '2.0', id, result: usual[method] });
    };
    const listening = createServer((request, response) => void listener(request, response));
    servers.push(listening);
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
    const { port } = listening.address() as AddressInfo;
    return { transport: 'http', url: `http://127.0.0.1:${port}/mcp`, headers: {} };
  }

  const error = (code: number, message: string) => ({ error: { code, message } });
  it.each<[string, Answer]>([
    ['an error', (to, id) => json(to, 200, { jsonrpc: '2.0', id, ...error(-32601, 'no') })],
    ['an error and 404', (to, id) => json(to, 404, { jsonrpc: '2.0', id, ...error(-32601, 'no') })],
    [
      'an error and 400',
      (to) => json(to, 400, { jsonrpc: '2.0', id: null, ...error(-32600, 'no') }),
    ],
    ['more than nothing', (to, id) => json(to, 200, { jsonrpc: '2.0', id, result: { ok: true } })],
    ['a list', (to, id) => json(to, 200, { jsonrpc: '2.0', id, result: [] })],
    ['a page', (to) => to.writeHead(200, { 'content-type': 'text/html' }).end('<p>hello</p>')],
  ])('counts %s in answer to a ping as life', async (_what, ping) => {
    const gateway = await fixture.gateway({ remote: await server({ ping }) }, FAST);
    await gateway.probe('remote', 1_000);
    expect(await gateway.status('remote')).toMatchObject({ state: 'connected', reason: null });
    expect((await gateway.status('remote')).tools).toHaveLength(1);
  });

  it.each<[string, Answer]>([
    ['silence', () => undefined],
    ['a stream that ends', (to) => (events(to, ': hello', ''), to.end())],
    ['a failure of the server', (to) => json(to, 503)],
    ['a connection that breaks', (to) => to.destroy()],
  ])('counts %s as none', async (_what, ping) => {
    const gateway = await fixture.gateway({ remote: await server({ ping }) }, FAST);
    await until(async () => (await gateway.status('remote')).state === 'disconnected');
  });

  it.each<[string, Answer]>([
    [
      'an error that is null',
      (to, id) => json(to, 200, { jsonrpc: '2.0', id, result, error: null }),
    ],
    [
      'no type that is known',
      (to, id) => json(to, 200, { jsonrpc: '2.0', id, result }, 'mcp+json'),
    ],
    ['an id that is a text', (to, id) => json(to, 200, { jsonrpc: '2.0', id: `${id}`, result })],
    ['a batch', (to, id) => json(to, 200, [{ jsonrpc: '2.0', id, result }])],
    [
      'a stream with comments, CRLF and a first event without data',
      (to, id) => events(to, ': ping', 'id: 1', 'data:', '', `data: ${done(id)}`, '', ''),
    ],
    [
      'a stream with rubbish in it',
      (to, id) =>
        events(to, 'data: hello', '', 'event: x', 'data: {', '', `data: ${done(id)}`, '', ''),
    ],
  ])('understands an answer with %s', async (_what, answer) => {
    const gateway = await fixture.gateway({ remote: await server({ 'tools/call': answer }) });
    expect(await gateway.call('remote', 'say', {}, options)).toBe('done');
  });

  it('resumes a stream that ends before the answer and names an event', async () => {
    let asked = 0;
    const gateway = await fixture.gateway({
      remote: await server({
        'tools/call': (to, id) => {
          asked = id;
          events(to, 'retry: 10', 'id: 7', 'data:', '', '');
          to.end();
        },
        GET: (to, _id, request) => {
          expect(request.headers['last-event-id']).toBe('7');
          events(to, `data: ${done(asked)}`, '', '');
        },
      }),
    });
    expect(await gateway.call('remote', 'say', {}, options)).toBe('done');
  });

  it.each<[string, Answer, string, string]>([
    ['nothing', (to) => json(to, 202), 'mcp_error', 'HTTP 202 and an empty body'],
    [
      'a page',
      (to) => to.writeHead(200, { 'content-type': 'text/html' }).end('<p>Log in</p>'),
      'mcp_error',
      'text/html, which cannot be read: <p>Log in</p>',
    ],
    [
      'broken JSON',
      (to) => to.writeHead(200, { 'content-type': 'application/json' }).end('{"jsonrpc":"2.0",'),
      'mcp_error',
      'cannot be read: {"jsonrpc":"2.0",',
    ],
    [
      'a broken event',
      (to, id) => events(to, `data: {"jsonrpc":"2.0","id":${id},"result":{"a":NaN}}`, '', ''),
      'mcp_error',
      '"a":NaN',
    ],
    [
      'an event of something else',
      (to) => (events(to, 'data: Log in', '', ''), to.end()),
      'mcp_disconnected',
      'it sent Log in',
    ],
    [
      'a stream that ends',
      (to) => (events(to, ': hello', ''), to.end()),
      'mcp_disconnected',
      'ended before it was complete',
    ],
    [
      'a stream that breaks',
      (to) => (events(to, ': hello', ''), setTimeout(() => to.destroy(), 50)),
      'mcp_disconnected',
      'was interrupted',
    ],
    [
      'a refusal',
      (to, id) => json(to, 422, { jsonrpc: '2.0', id, ...error(-1, 'no such city') }),
      'mcp_error',
      'no such city',
    ],
  ])('says at once what came in place of an answer: %s', async (_what, answer, code, words) => {
    const gateway = await fixture.gateway({ remote: await server({ 'tools/call': answer }) });
    await expect(gateway.call('remote', 'say', {}, options)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(words),
    });
  });

  it.each<[string, Answer, string]>([
    [
      '401',
      (to) => to.writeHead(401).end('no such key'),
      'requires authorization (HTTP 401): no such key',
    ],
    ['403', (to) => to.writeHead(403).end('not you'), 'denied access (HTTP 403): not you'],
    [
      '502',
      (to) => to.writeHead(502).end('no upstream'),
      'HTTP 502: no upstream. If it is up and speaks older',
    ],
  ])('does not take %s for an older revision', async (_what, answer, reason) => {
    let initialized = false;
    const initialize: Answer = (to) => ((initialized = true), json(to, 500));
    const remote = await server({ 'server/discover': answer, initialize });
    const gateway = await fixture.gateway({ remote });
    expect((await gateway.status('remote')).reason).toContain(reason);
    expect(initialized).toBe(false);
  });

  it('is not asked about revisions where the operator says so, and is followed within its origin', async () => {
    let asked = false;
    const move: Answer = (to) => to.writeHead(307, { location: '/elsewhere' }).end();
    const remote = await server({
      'server/discover': (to) => ((asked = true), json(to, 404)),
      'tools/call': (to, id, request) =>
        request.url === '/mcp'
          ? move(to, id, request)
          : json(to, 200, { jsonrpc: '2.0', id, result }),
    });
    const gateway = await fixture.gateway({ remote: { ...remote, negotiation: 'legacy' } });
    expect(await gateway.status('remote')).toMatchObject({ protocol_version: '2025-06-18' });
    expect(await gateway.call('remote', 'say', {}, options)).toBe('done');
    expect(asked).toBe(false);
  });
});
