import { expect, test } from '@jest/globals';
import { type TestApi, withApi } from '../../api/support.js';
import { mission } from '../support/cli.js';

let api: TestApi;
withApi((opened) => void (api = opened));
const environment = () => ({ MISSION_URL: api.url, MISSION_API_KEY: api.key });

test('a directive or thread that is not there is told before anybody types', async () => {
  const unknown = await mission(['chat', '--directive', 'nobody'], environment());
  expect(unknown).toMatchObject({ exit: 2, err: 'error There is no directive nobody.\n' });
  const gone = await mission(['chat', '--thread', 'conv_1', 'Hello.'], environment());
  expect(gone).toMatchObject({ exit: 2, err: 'error There is no thread conv_1.\n' });
});

test('nothing to talk to is told', async () => {
  const { exit } = await mission(['chat'], { MISSION_URL: 'http://127.0.0.1:1' });
  expect(exit).toBe(3);
});
