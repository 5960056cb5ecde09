import { request } from 'node:http';
import { expect, test } from '@jest/globals';
import { type TestApi, withApi } from '../support.js';
import { ask, modern, openClient } from './clients.js';

let api: TestApi;
withApi((given) => void (api = given));

/** A raw request, because fetch sets the host itself. */
const raw = (headers: Record<string, string>, text?: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const { body, headers: own } = modern('tools/list');
    const sent = request(`${api.url}/mcp`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${api.key}`,
        ...own,
        ...headers,
      },
    });
    sent
      .on('response', (answer) => resolve((answer.resume(), answer.statusCode!)))
      .on('error', reject);
    sent.end(text ?? JSON.stringify(body));
  });

test('DNS rebinding: another host or origin is refused before anything is read', async () => {
  expect(await raw({})).toBe(200);
  expect(await raw({ host: 'attacker.example' })).toBe(403);
  expect(await raw({ host: 'localhost.attacker.example:80' })).toBe(403);
  expect(await raw({ origin: 'https://attacker.example' })).toBe(403);
  expect(await raw({ origin: 'null' })).toBe(403);
  expect(await raw({ origin: 'http://localhost:6274' })).toBe(200);
});

test('a key is needed, and the answer says of what kind', async () => {
  const { body, headers } = modern('tools/list');
  const init = {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { ...headers, 'content-type': 'application/json' },
  };
  for (const key of [null, 'mc_wrong']) {
    const refused = await api.request('/mcp', { ...init, key });
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect(refused.body.error.code).toBe('unauthenticated');
  }
});

test.each(['GET', 'DELETE'])(
  '%s is no method of this server: there are no sessions',
  async (method) => {
    expect((await api.request('/mcp', { method })).status).toBe(405);
  },
);

test('a body that is no JSON, or too deep, is refused', async () => {
  expect(await raw({}, '{')).toBe(400);
  expect(await raw({}, `{"a":${'['.repeat(101)}${']'.repeat(101)}}`)).toBe(400);
});

test('unknown fields of a client are ignored', async () => {
  const odd = {
    elicitation: { form: {}, odd: true },
    tasks: { list: {} },
    extensions: { 'x/y': { z: 1 } },
    odd: {},
  };
  expect((await ask(api, 'tools/list', { odd: 1 }, odd)).result.tools).toHaveLength(4);
  const params = {
    protocolVersion: '2025-11-25',
    capabilities: odd,
    clientInfo: { name: 'a', version: '1', odd: 1 },
  };
  const { body } = await api.post(
    '/mcp',
    { jsonrpc: '2.0', id: 1, method: 'initialize', params },
    { headers: { accept: 'application/json, text/event-stream' } },
  );
  expect(body).toContain('"protocolVersion":"2025-11-25"');
});

test.each([
  ['2025-06-18', '2025-06-18'],
  ['2025-11-25', '2025-11-25'],
  ['1999-01-01', '2025-11-25'],
])('a client that asks for %s gets %s', async (protocolVersion, given) => {
  const params = { protocolVersion, capabilities: {}, clientInfo: { name: 'a', version: '1' } };
  const { body } = await api.post(
    '/mcp',
    { jsonrpc: '2.0', id: 1, method: 'initialize', params },
    { headers: { accept: '*/*' } },
  );
  expect(JSON.stringify(body)).toContain(given);
});

test('a client that initializes after a successful discovery is served', async () => {
  const { result } = await ask(api, 'server/discover');
  expect(result.supportedVersions).toContain('2026-07-28');
  const client = await openClient(api, { mode: 'legacy' });
  expect((await client.listTools()).tools).toHaveLength(4);
  await client.close();
});

test('closing the stream ends the wait, and the process serves on', async () => {
  const { body, headers } = modern('tools/call', {
    name: 'execute',
    arguments: {
      item_type: 'directive',
      action: 'run',
      item_id: 'heal_mcp_connection',
      parameters: { mcp_id: 'everything' },
    },
  });
  const gone = new AbortController();
  const sent = api.post('/mcp', body, { headers, signal: gone.signal });
  let rows: any[] = [];
  while (rows.length === 0)
    rows = await api.dataSource.query('SELECT id, status FROM directive_executions');
  gone.abort();
  await expect(sent).rejects.toThrow();
  const [row] = await api.dataSource.query(
    'SELECT status FROM directive_executions WHERE id = $1',
    [rows[0].id],
  );
  expect(row.status).toBe('pending');
  expect((await ask(api, 'tools/list')).result.tools).toHaveLength(4);
});
