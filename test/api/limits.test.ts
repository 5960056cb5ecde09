import { describe, expect, test } from '@jest/globals';
import { type TestApi, withApi } from './support.js';

let api: TestApi;
let open: TestApi;
withApi((opened) => (api = opened), { settings: { introspection: false } });
withApi((opened) => (open = opened));

const overHttp = async (query: string) => (await api.graphql(query)).errors?.[0]?.message ?? 'fine';

const overSocket = (query: string) =>
  new Promise<string>((resolve) => {
    api.socket().subscribe(
      { query },
      {
        next: ({ errors }) => resolve(errors?.[0]?.message ?? 'fine'),
        error: (errors) => resolve((errors as Error[])[0]!.message),
        complete: () => undefined,
      },
    );
  });

const nested = `{ executions { ${'edges { node { steps { error { code } } } }'} } }`;
const aliases = (count: number) =>
  `{ ${Array.from({ length: count }, (_, i) => `a${i}: execution(id: "x") { id }`).join(' ')} }`;
const FIELDS = 'id status inputs result createdAt startedAt completedAt';

describe.each([
  ['HTTP', overHttp],
  ['the socket', overSocket],
])('over %s', (_name, ask) => {
  test('honest queries pass', async () => {
    expect(await ask(nested)).toBe('fine');
    expect(await ask(aliases(15))).toBe('fine');
    expect(
      await ask(`{ executions(first: 100) { nodes { ${FIELDS} steps { path name result } } } }`),
    ).toBe('fine');
  });

  test('aliases are counted', async () => {
    expect(await ask(aliases(16))).toMatch(/alias/i);
  });

  test('depth is limited', async () => {
    const fragments = '{ ... on Query '.repeat(20);
    expect(await ask(`${fragments}{ execution(id: "x") { id } }${'}'.repeat(20)}`)).toMatch(
      /depth/i,
    );
  });

  test('cost counts pages inside pages, fragments and variables included', async () => {
    const page = `executions(first: 100) { nodes { ${FIELDS} steps(first: 1000) { ...step } } }`;
    const query = `{ ${page} } fragment step on StepRun { path name kind status attempt inputs result }`;
    expect(await ask(query)).toMatch(/fields; the limit is/);
    const variable = `query ($n: Int = 100) { a: executions(first: $n) { nodes { ${FIELDS} steps { path name kind status attempt inputs result error { code message } } } } b: executions(first: $n) { nodes { ${FIELDS} steps { path name kind status attempt inputs result error { code message } } } } }`;
    expect(await ask(variable)).toMatch(/fields; the limit is/);
  });

  test('the schema is private: no introspection, no suggestions', async () => {
    expect(await ask('{ __schema { types { name } } }')).toMatch(/introspection/i);
    const typo = await ask('{ execution(id: "x") { statu } }');
    expect(typo).toMatch(/Cannot query field "statu"/);
    expect(typo).not.toMatch(/Did you mean/);
  });

  test('a document of a hundred thousand braces is refused', async () => {
    expect(await ask('{ a '.repeat(100_000))).toMatch(/token/i);
  });
});

test('on this machine the schema is open to whoever has a key', async () => {
  expect(
    (await open.graphql('{ __schema { queryType { name } } }')).data.__schema.queryType.name,
  ).toBe('Query');
  expect((await open.graphql('{ execution(id: "x") { statu } }')).errors![0].message).toMatch(
    /Did you mean/,
  );
});

test('batches are refused, and so is what a browser sends without asking', async () => {
  const batch = await api.post('/graphql', [
    { query: '{ __typename }' },
    { query: '{ __typename }' },
  ]);
  expect(batch.status).toBe(400);
  const simple = await api.request('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'text/plain' },
    body: '{"query":"{ __typename }"}',
  });
  expect(simple.status).toBe(400);
  expect((await api.request('/graphql?query=%7B__typename%7D')).status).toBe(400);
});

test('a query of 3 MB is 413', async () => {
  expect((await api.post('/graphql', { query: 'x'.repeat(3_000_000) })).status).toBe(413);
});
