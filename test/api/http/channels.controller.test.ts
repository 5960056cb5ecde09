import { mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { type TestApi, withApi } from '../support.js';

let api: TestApi;
withApi((opened) => void (api = opened));

const ask = async (method: string, body?: object) => {
  const init = { method, headers: { 'content-type': 'application/json' } };
  const text = body && { body: JSON.stringify(body) };
  const answer = await api.request('/channels/team%20a', { ...init, ...text });
  return [answer.status, answer.body.project_path ?? answer.body.error?.message ?? null];
};

test('a channel is linked to a folder of the project, and to nothing else', async () => {
  mkdirSync(join(api.project, 'part'));
  expect(await ask('GET')).toEqual([200, null]);
  const path = join(realpathSync(api.project), 'part');
  expect(await ask('PUT', { project_path: 'part' })).toEqual([200, path]);
  expect(await ask('GET')).toEqual([200, path]);
  for (const project_path of ['..', '/etc', 'nowhere'])
    expect(await ask('PUT', { project_path })).toEqual([
      400,
      expect.stringContaining('is not a folder of the project'),
    ]);
  expect(await ask('PUT', {})).toEqual([400, 'Send {"project_path": "PATH"}.']);
  expect(await ask('DELETE')).toEqual([200, null]);
  expect(await ask('GET')).toEqual([200, null]);
});
