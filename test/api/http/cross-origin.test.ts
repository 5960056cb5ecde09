import { expect, test } from '@jest/globals';
import WebSocket from 'ws';
import { type TestApi, withApi } from '../support.js';

const APP = 'https://app.example';

let api: TestApi;
withApi((opened) => (api = opened), {
  settings: {
    hosts: { boundTo: '127.0.0.1', allowedHosts: [], allowedOrigins: [APP] },
  },
});

/** What a browser asks before a page of another origin may present a key. */
const preflight = (path: string, origin: string, method = 'POST') =>
  api.request(path, {
    method: 'OPTIONS',
    key: null,
    headers: {
      origin,
      'access-control-request-method': method,
      'access-control-request-headers': 'authorization,content-type',
    },
  });

test.each(['/graphql', '/internal/execute', '/metrics'])(
  'a page of the operator’s may call %s',
  async (path) => {
    const { status, headers, body } = await preflight(path, APP);
    expect([status, body]).toEqual([204, '']);
    expect(headers.get('access-control-allow-origin')).toBe(APP);
    expect(headers.get('access-control-allow-headers')).toBe('authorization,content-type');
    expect(headers.get('access-control-allow-methods')).toMatch(/GET.*POST/);
    expect(headers.get('access-control-allow-credentials')).toBeNull();
    expect(headers.get('vary')).toContain('Origin');
  },
);

test('its answers may be read, refusals included; no key is no answer', async () => {
  const init = { headers: { origin: APP } };
  const answer = await api.post('/graphql', { query: '{ __typename }' }, init);
  expect(answer.body).toEqual({ data: { __typename: 'Query' } });
  expect(answer.headers.get('access-control-allow-origin')).toBe(APP);
  const closed = await api.request('/graphql', { key: null, ...init });
  expect(closed.status).toBe(401);
  expect(closed.headers.get('access-control-allow-origin')).toBe(APP);
});

test.each(['http://localhost:5173', 'https://app.example.attacker.example', 'null'])(
  'a page of %s may not, and is told what to set',
  async (origin) => {
    const { status, headers, body } = await preflight('/graphql', origin);
    expect(status).toBe(403);
    expect(headers.get('access-control-allow-origin')).toBeNull();
    expect(body.error.message).toContain('api.allowed_origins in mission.yaml');
  },
);

test('what asks for nothing and has no key is closed, whatever its method', async () => {
  const { status, headers } = await api.request('/graphql', { method: 'OPTIONS', key: null });
  expect(status).toBe(401);
  expect(headers.get('access-control-allow-origin')).toBeNull();
});

test('the socket opens for the same page', async () => {
  const opened = (origin: string) =>
    new Promise<string>((resolve) => {
      const url = `${api.url.replace('http', 'ws')}/graphql`;
      const socket = new WebSocket(url, 'graphql-transport-ws', { origin });
      socket.on('open', () => {
        socket.close();
        resolve('open');
      });
      socket.on('unexpected-response', (_request, response) => {
        let text = '';
        response.on('data', (chunk) => (text += chunk));
        response.on('end', () => resolve(`${response.statusCode} ${text}`));
      });
    });
  expect(await opened(APP)).toBe('open');
  expect(await opened('https://attacker.example')).toMatch(/^403 Origin .*api\.allowed_origins/);
});

const query = (text: string, init: RequestInit & { key?: null } = {}) =>
  api.request(`/graphql?query=${encodeURIComponent(text)}`, init);

test('a query with a key may be a GET; a mutation, a subscription, or anything without a key not', async () => {
  expect(await query('{ __typename }')).toMatchObject({
    status: 200,
    body: { data: { __typename: 'Query' } },
  });
  const mutation = await query('mutation { cancelExecution(id: "x") { id } }');
  expect(mutation.status).toBe(405);
  expect(mutation.headers.get('allow')).toBe('POST');
  expect((await query('subscription { executionUpdated { id } }')).status).not.toBe(200);
  expect((await query('{ __typename }', { key: null })).status).toBe(401);
  const basic = { key: null, headers: { authorization: 'Basic eDp5' } };
  expect((await query('{ __typename }', basic)).status).toBe(401);
});

test('the variables of a GET are held to what a body is held to', async () => {
  const text = 'query ($i: JSON) { validateDirective(source: "x") { valid } }';
  const ask = (variables: string) =>
    api.request(`/graphql?${new URLSearchParams({ query: text, variables })}`);
  const deep = await ask(`{"i":${'['.repeat(101)}${']'.repeat(101)}}`);
  expect([deep.status, deep.body.error.code]).toEqual([400, 'input_invalid']);
  expect((await ask('{"i":9007199254740993}')).body.error.code).toBe('input_invalid');
  expect((await ask('not json')).status).toBe(400);
});

test('a GET keeps to the limits of a query', async () => {
  const names = Array.from({ length: 16 }, (_, index) => `a${index}: execution(id: "x") { id }`);
  const { status, body } = await query(`{ ${names.join(' ')} }`);
  expect([status, body.errors[0].extensions.code]).toEqual([400, 'too_large']);
});
