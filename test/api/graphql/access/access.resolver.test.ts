import { expect, test } from '@jest/globals';
import { type TestApi, withApi } from '../../support.js';

let api: TestApi;
withApi((opened) => void (api = opened));

test('users, roles and keys are managed over GraphQL', async () => {
  const made = await api.graphql(`mutation {
    setRole(name: "reader", rights: ["read:executions"]) { name builtIn }
    setUser(name: "eve", role: "reader") { name role createdBy }
    createApiKey(user: "eve", expiresAt: "2099-01-01T00:00:00Z") { key apiKey { id user expiresAt } }
  }`);
  expect(made.data).toMatchObject({
    setRole: { name: 'reader', builtIn: false },
    setUser: { name: 'eve', role: 'reader', createdBy: 'operator' },
    createApiKey: { key: expect.stringMatching(/^mc_/), apiKey: { user: 'eve' } },
  });
  const { key, apiKey } = made.data.createApiKey;
  const asEve = (query: string) =>
    fetch(`${api.url}/graphql`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    }).then((response) => response.json() as any);
  expect((await asEve('{ executions { edges { node { id } } } }')).errors).toBeUndefined();
  for (const query of [
    '{ users { name } }',
    '{ logs { edges { node { id } } } }',
    'mutation { startExecution(directive: "x") { id } }',
  ])
    expect((await asEve(query)).errors[0].extensions.code).toBe('permission_denied');
  const revoked = await api.graphql(`mutation { revokeApiKey(id: "${apiKey.id}") { revokedAt } }`);
  expect(revoked.data.revokeApiKey.revokedAt).not.toBeNull();
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  expect((await asEve('{ executions { edges { node { id } } } }')).error.code).toBe(
    'unauthenticated',
  );
});
