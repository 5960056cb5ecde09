import { once } from 'node:events';
import { expect, test } from '@jest/globals';
import WebSocket from 'ws';
import { type TestApi, withApi } from './support.js';

const ODD = '9007199254740993';
const START = 'startExecution(directive: "heal_mcp_connection"';

let api: TestApi;
withApi((opened) => (api = opened));

/** What the socket says to one message. */
async function answerTo(message: string) {
  const socket = new WebSocket(`${api.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  const next = async () => JSON.parse(String((await once(socket, 'message'))[0]));
  await once(socket, 'open');
  const payload = { authorization: `Bearer ${api.key}` };
  socket.send(JSON.stringify({ type: 'connection_init', payload }));
  await next();
  socket.send(message);
  const answer = await next();
  socket.close();
  return answer;
}

const refused = {
  status: 400,
  body: {
    error: { code: 'input_invalid', message: expect.stringContaining(`${ODD} cannot be kept`) },
  },
};

test('a body that holds a number which a double does not is refused with its place', async () => {
  const body = `{"directive_name": "x", "inputs": {"ids": [1, ${ODD}]}}`;
  const answer = await api.post('/internal/execute', body);
  expect(answer).toMatchObject(refused);
  expect(answer.body.error.message).toBe(
    `inputs.ids[1]: ${ODD} cannot be kept exactly as a number; write it as text: "${ODD}".`,
  );
  const endless = '{"directive_name": "x", "inputs": {"n": 1e400}}';
  expect((await api.post('/internal/execute', endless)).body.error.message).toContain(
    'inputs.n: 1e400 is larger than any number',
  );
});

test('so are variables and literals of GraphQL', async () => {
  const query = `mutation ($inputs: JSON) { ${START}, inputs: $inputs) { id } }`;
  const variables = `{"query": ${JSON.stringify(query)}, "variables": {"inputs": {"n": ${ODD}}}}`;
  expect(await api.post('/graphql', variables)).toMatchObject(refused);
  for (const inputs of [`{n: [${ODD}]}`, '{n: 1e400}', `{n: -${ODD}.0}`]) {
    const literal = `mutation { ${START}, inputs: ${inputs}) { id } }`;
    const { body } = await api.post('/graphql', { query: literal });
    expect(body.errors[0].extensions.code).toBe('input_invalid');
    expect(body.errors[0].message).toContain('write it as text');
  }
});

test('and variables on a socket', async () => {
  const query = `mutation ($inputs: JSON) { ${START}, inputs: $inputs) { id } }`;
  const payload = `{"query": ${JSON.stringify(query)}, "variables": {"inputs": {"n": ${ODD}}}}`;
  const { type, payload: errors } = await answerTo(
    `{"id": "1", "type": "subscribe", "payload": ${payload}}`,
  );
  expect(type).toBe('error');
  expect(errors[0]).toMatchObject({
    message: expect.stringContaining(`payload.variables.inputs.n: ${ODD} cannot be kept`),
    extensions: { code: 'input_invalid' },
  });
});

test('only UTF-8 is taken', async () => {
  const response = await fetch(`${api.url}/internal/execute`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${api.key}`,
      'content-type': 'application/json; charset=utf-16le',
    },
    body: Buffer.from(`{"directive_name": "x", "inputs": {"n": ${ODD}}}`, 'utf16le'),
  });
  expect([response.status, await response.json()]).toMatchObject([
    400,
    { error: { code: 'input_invalid', message: 'Send the JSON as UTF-8.' } },
  ]);
});
