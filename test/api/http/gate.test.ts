import { request } from 'node:http';
import { connect } from 'node:net';
import { expect, test } from '@jest/globals';
import { type TestApi, withApi } from '../support.js';

let api: TestApi;
withApi((opened) => (api = opened));

/** A request with headers that fetch does not let a caller choose. */
const raw = (path: string, headers: Record<string, string>) =>
  new Promise<number>((resolve, reject) => {
    const sent = request(api.url + path, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode!);
    });
    sent.on('error', reject).end();
  });

const PATHS = ['/metrics', '/internal/directives', '/graphql', '/nowhere', '/live/../metrics'];

test.each(PATHS)('%s is closed without a key, and with a wrong one', async (path) => {
  for (const key of [null, 'mc_local_wrong']) {
    const { status, body } = await api.request(path, { key });
    expect(status).toBe(401);
    expect(body.error).toMatchObject({ code: 'unauthenticated', message: expect.any(String) });
    expect(body.error.correlation_id).toMatch(/^[0-9a-f-]{36}$/);
  }
});

test('/live needs no key; an unknown path is 404 with one', async () => {
  expect(await api.request('/live', { key: null })).toMatchObject({
    status: 200,
    body: { status: 'live' },
  });
  const { status, body } = await api.request('/nowhere');
  expect([status, body.error.code]).toEqual([404, 'not_found']);
});

test('a name or a page of somebody else is refused, before the key is looked at', async () => {
  const authorization = `Bearer ${api.key}`;
  const { host } = new URL(api.url);
  expect(await raw('/metrics', { host: 'attacker.example', authorization })).toBe(403);
  expect(await raw('/live', { host: 'attacker.example:4000' })).toBe(403);
  expect(await raw('/metrics', { host, origin: 'https://attacker.example', authorization })).toBe(
    403,
  );
  expect(await raw('/metrics', { host, origin: 'null', authorization })).toBe(403);
  expect(await raw('/metrics', { host: 'localhost', authorization })).toBe(200);
  expect(await raw('/metrics', { host, origin: 'http://localhost:5173', authorization })).toBe(200);
});

/** The status line's code of what HTTP/1.0 without any header is answered. */
const bare = (path: string) =>
  new Promise<number>((resolve, reject) => {
    const socket = connect(Number(new URL(api.url).port), '127.0.0.1', () =>
      socket.write(`GET ${path} HTTP/1.0\r\n\r\n`),
    );
    socket.once('data', (data) => {
      resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(data.toString())?.[1]));
      socket.destroy();
    });
    socket.on('error', reject);
  });

test('a load balancer may name the address that it dials, or nothing; anything else may not', async () => {
  const authorization = `Bearer ${api.key}`;
  expect(await raw('/live', { host: '10.0.0.5:4000' })).toBe(200);
  expect(await raw('/ready', { host: 'mission_api' })).toBe(503);
  expect(await bare('/live')).toBe(200);
  expect(await bare('/metrics')).toBe(403);
  expect(await raw('/metrics', { host: '10.0.0.5:4000', authorization })).toBe(403);
  expect(await raw('/live', { host: '10.0.0.5', origin: 'https://attacker.example' })).toBe(403);
});

test('a body that is no JSON is called the body', async () => {
  for (const [path, text] of [
    ['/internal/execute', '{"a":'],
    ['/graphql', 'not json'],
  ]) {
    const { status, body } = await api.post(path!, text);
    expect([status, body.error.code]).toEqual([400, 'input_invalid']);
    expect(body.error.message).toMatch(/^The body of the request is not valid JSON: .*JSON/);
  }
});

test('a body of 3 MB is 413, deep nesting and rubbish are 400, each in our shape', async () => {
  const big = await api.post('/internal/execute', {
    directive_name: 'x',
    inputs: { a: 'x'.repeat(3e6) },
  });
  expect([big.status, big.body.error.code]).toEqual([413, 'too_large']);
  expect(big.body.error.message).toMatch(/larger than 1114112 bytes\. Put large data into a file/);
  const deep = `{"inputs":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
  for (const text of [deep, '{"a":', 'not json']) {
    const answer = await api.post('/internal/execute', text);
    expect([answer.status, answer.body.error.code]).toEqual([400, 'input_invalid']);
  }
});

/** A client that closes after its answer: unread data would turn the answer into a reset. */
const sendAll = (key: string) =>
  new Promise<number>((resolve, reject) => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const options = { method: 'POST', agent: false, headers } as const;
    const sent = request(`${api.url}/internal/execute`, options, (response) => {
      response.resume();
      resolve(response.statusCode!);
    });
    sent.on('error', reject).end(`{"x":"${'x'.repeat(3_000_000)}"}`);
  });

test('a refusal reaches a client that is still sending', async () => {
  expect(await sendAll(api.key)).toBe(413);
  expect(await sendAll('wrong')).toBe(401);
});

test('nothing that leaves has a stack trace, and the unexpected is masked and logged', async () => {
  await api.dataSource.query('ALTER TABLE directive_executions RENAME TO elsewhere');
  const rest = await api.request('/internal/executions');
  const { errors } = await api.graphql('{ executions { nodes { id } } }');
  await api.dataSource.query('ALTER TABLE elsewhere RENAME TO directive_executions');
  expect([rest.status, rest.body.error.code]).toEqual([500, 'internal']);
  expect(errors![0].extensions.code).toBe('internal');
  const said = JSON.stringify([rest.body, errors]);
  expect(said).not.toMatch(/elsewhere|directive_executions|node_modules|\bat .*:\d+|stack/);
  for (const id of [rest.body.error.correlation_id, errors![0].extensions.correlation_id]) {
    expect(api.logged.some((line) => line.includes(id) && line.includes('does not exist'))).toBe(
      true,
    );
  }
});

test('/ready wants a write and a worker that was heard of lately', async () => {
  const without = await api.request('/ready', { key: null });
  expect(without).toMatchObject({ status: 503, body: { status: 'unavailable' } });
  expect(without.body.reasons[0]).toContain('no worker');
  const worker = `INSERT INTO workers (id, task_queue, hostname, pid, seen_at) VALUES ('w', 'mission-control', 'h', 1, now() - $1::interval)
    ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at`;
  const ready = async (age: string) => {
    await api.dataSource.query(worker, [age]);
    await new Promise((done) => setTimeout(done, 600));
    return (await api.request('/ready', { key: null })).status;
  };
  expect(await ready('20 s')).toBe(503);
  expect(await ready('1 s')).toBe(200);
  expect(await api.dataSource.query('SELECT 1 FROM readiness_probes')).toHaveLength(1);
});

test('/metrics are Prometheus text', async () => {
  const { status, headers, body } = await api.request('/metrics');
  expect(status).toBe(200);
  expect(headers.get('content-type')).toContain('text/plain');
  expect(body).toMatch(/^process_resident_memory_bytes \d+$/m);
});
