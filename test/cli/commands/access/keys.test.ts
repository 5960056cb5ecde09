import { expect, test } from '@jest/globals';
import { type TestApi, withApi } from '../../../api/support.js';
import { mission as call } from '../../support/cli.js';

let api: TestApi;
withApi((opened) => void (api = opened));
const mission = (...argv: string[]) =>
  call(argv, { MISSION_URL: api.url, MISSION_API_KEY: api.key });

test('a key is created once, listed without its value, and revoked', async () => {
  expect((await mission('users', 'add', 'anna', '--role', 'viewer')).out).toContain(
    'anna is viewer',
  );
  const options = ['--name', 'laptop', '--expires', '30d', '--read-only'];
  const made = await mission('keys', 'create', 'anna', ...options);
  expect(made.out).toMatch(/^mc_local_[\w-]{43}\n$/);
  const { out } = await mission('keys', 'list');
  expect(out).toContain('read only, all of the user');
  expect(out).not.toContain(made.out.trim());
  const listed = JSON.parse((await mission('keys', 'list', '--json')).out.split('\n')[0]!);
  expect(listed).toMatchObject({ user: 'anna', name: 'laptop', readOnly: true });
  const revoked = await mission('keys', 'revoke', listed.id);
  expect(revoked.out).toContain('revoked the key laptop of anna');
  expect((await mission('keys', 'list')).out).toContain('revoked');
});

test('a read-only key is refused by every write path', async () => {
  const key = (await mission('keys', 'create', 'operator', '--read-only')).out.trim();
  const send = async (path: string, body: object) => {
    const response = await fetch(api.url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return [response.status, JSON.stringify(await response.json())];
  };
  const directive = { item_type: 'directive', item_id: 'intent_handler' };
  for (const [path, body] of [
    ['/internal/execute', { directive_name: 'x' }],
    ['/threads', {}],
    ['/v1/chat/completions', { model: 'mc-intent', messages: [{ role: 'user', content: 'x' }] }],
    ['/tools/execute', { ...directive, action: 'run', parameters: { request: 'x' } }],
    ['/tools/execute', { ...directive, action: 'create', parameters: { content: 'x' } }],
  ] as const)
    expect([path, ...(await send(path, body))]).toEqual([
      path,
      403,
      expect.stringContaining('permission_denied'),
    ]);
  for (const field of [
    'startExecution(directive: "x") { id }',
    'setUser(name: "x", role: "admin") { name }',
    'createApiKey(user: "operator") { key }',
    'setSecret(name: "x", value: "123456789") { name }',
  ]) {
    const [, answer] = await send('/graphql', { query: `mutation { ${field} }` });
    expect(answer).toContain('permission_denied');
  }
  expect((await send('/tools/search', { item_type: 'system' }))[0]).toBe(200);
});

test('wrong use is told', async () => {
  expect(await mission('keys', 'create', 'operator', '--expires', 'soon')).toMatchObject({
    exit: 2,
    err: expect.stringContaining('12h, 30d, 4w'),
  });
  expect(await mission('users', 'add', 'x')).toMatchObject({
    exit: 2,
    err: expect.stringContaining('--role operator'),
  });
  expect((await mission('keys', 'create', 'nobody')).err).toContain('mission users add nobody');
});
