import { describe, expect, test } from '@jest/globals';
import { getIntrospectionQuery } from 'graphql';
import { type TestApi, withApi } from './support.js';

let api: TestApi;
let open: TestApi;
withApi((opened) => (api = opened), { settings: { introspection: false } });
withApi((opened) => (open = opened));

const overHttp = async (query: string) => (await api.graphql(query)).errors?.[0]?.message ?? 'fine';

/** Data and errors of one operation on the socket. */
const answerOf = (from: TestApi, query: string) =>
  new Promise<{ data?: any; errors?: any[] }>((resolve) => {
    from.socket().subscribe(
      { query },
      {
        next: ({ data, errors }) => resolve({ data, errors: errors as any[] }),
        error: (errors) => resolve({ errors: errors as any[] }),
        complete: () => undefined,
      },
    );
  });

const overSocket = async (query: string) =>
  (await answerOf(api, query)).errors?.[0]?.message ?? 'fine';

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

describe.each([
  ['HTTP', (query: string) => open.graphql(query)],
  ['the socket', (query: string) => answerOf(open, query)],
])('introspection over %s', (_name, ask) => {
  const refused = async (query: string) => {
    const { data, errors } = await ask(query);
    expect(data ?? null).toBeNull();
    expect(errors![0].extensions.code).toBe('too_large');
    return errors![0].message as string;
  };
  const ofType = (levels: number) =>
    `type { ${'ofType { '.repeat(levels)}name${' }'.repeat(levels)} }`;

  test('what clients read the schema with passes', async () => {
    const { data } = await ask(getIntrospectionQuery());
    expect(data.__schema.types.length).toBeGreaterThan(50);
  });

  test('its depth is limited: in place, by way of fragments, under another name', async () => {
    const fields = `types { fields { ${ofType(20)} } }`;
    expect(await refused(`{ __schema { ${fields} } }`)).toMatch(/^Query depth limit of 24/);
    expect(await refused(`{ other: __schema { ${fields} } }`)).toMatch(/depth/);
    expect(
      await refused(`{ ... on Query { __schema { ...f } } } fragment f on __Schema { ${fields} }`),
    ).toMatch(/depth/);
    expect(await refused(`{ __type(name: "Execution") { fields { ${ofType(21)} } } }`)).toMatch(
      /depth/,
    );
    expect(await refused(`{ __schema @include(if: true) { ${fields} } }`)).toMatch(/depth/);
  });

  test('it costs: the whole schema is read once in a query, not twice', async () => {
    const whole = getIntrospectionQuery({ descriptions: false });
    const [, selection, fragments] = /\{\s*(__schema[\s\S]*?)\}\s*(fragment[\s\S]*)$/.exec(whole)!;
    const twice = `{ a: ${selection} b: ${selection} } ${fragments}`;
    expect(await refused(twice)).toMatch(/fields; the limit is/);
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

test('batches are refused, and so is a body that a browser sends without asking', async () => {
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
});

test('a query of 3 MB is 413', async () => {
  expect((await api.post('/graphql', { query: 'x'.repeat(3_000_000) })).status).toBe(413);
});
