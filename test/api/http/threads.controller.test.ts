import { expect, test } from '@jest/globals';
import { type TestApi, withApi } from '../support.js';

let given: TestApi;
withApi((api) => void (given = api));
const api = () => given;

test('bad bodies are refused with what to send', async () => {
  const refused = async (path: string, body: unknown) => {
    const { status, body: answer } = await api().post(path, body);
    return [status, answer.error.code, answer.error.message];
  };
  expect(await refused('/threads', [])).toEqual([
    400,
    'input_invalid',
    'the body must be a JSON object.',
  ]);
  expect(await refused('/threads', { mood: 'good' })).toEqual([
    400,
    'input_invalid',
    expect.stringContaining('unknown key mood; there are directive, mode,'),
  ]);
  expect(await refused('/threads', { channel: 5 })).toEqual([
    400,
    'input_invalid',
    '"channel" must be a text.',
  ]);
  expect(await refused('/threads/x/message', { message: 'a', stream: 'yes' })).toEqual([
    400,
    'input_invalid',
    '"stream" must be true or false.',
  ]);
});

test('a thread that is not there is not found, on every path', async () => {
  const paths = ['message', 'cancel', 'pause', 'resume'].map((name) => `/threads/conv_1/${name}`);
  for (const path of paths) {
    const { status, body } = await api().post(path, { message: 'a' });
    expect([path, status, body.error.code]).toEqual([path, 404, 'not_found']);
  }
  for (const path of ['/threads/conv_1', '/threads/conv_1/stream']) {
    expect((await api().request(path)).status).toBe(404);
  }
});

test('nobody talks without a key', async () => {
  expect((await api().request('/threads', { key: null })).status).toBe(401);
});
