import { expect, test } from '@jest/globals';
import { type TestApi, withApi } from '../support.js';
import { ask } from './clients.js';

let api: TestApi;
withApi((given) => void (api = given));

test('the text of execute says that closing the stream ends the wait, not the run', async () => {
  const { result } = await ask(api, 'tools/list');
  expect(result.tools[2].description).toContain('Closing the call ends the wait, never the run.');
  expect(result).toMatchObject({ cacheScope: 'private', ttlMs: 60_000 });
});

test('names fit the clients that hide long ones', async () => {
  const { result } = await ask(api, 'tools/list');
  for (const { name } of result.tools) expect(`mission-control__${name}`.length).toBeLessThan(60);
});

test('an unknown tool is a wrong request that names the tools', async () => {
  const { error } = await ask(api, 'tools/call', { name: 'serch', arguments: {} });
  expect(error).toMatchObject({
    code: -32602,
    message: expect.stringContaining('search, load, execute, help'),
  });
});

test('an unknown method is answered, and nothing is closed', async () => {
  const { error } = await ask(api, 'nothing/here');
  expect(error.code).toBe(-32601);
  expect((await ask(api, 'tools/list')).result.tools).toHaveLength(4);
});
