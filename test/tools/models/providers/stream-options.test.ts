import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { AskedModelServer } from '../../../support/asked-model-server.js';

let asked: AskedModelServer;
beforeAll(async () => {
  asked = await AskedModelServer.start();
});
afterAll(() => asked.stop());

it('are left out for a server that refuses them', async () => {
  const { server } = asked;
  const answer = asked.stream([]);
  server.says(
    { status: 400, body: { error: { message: 'Unknown field: stream_options' } } },
    { text: 'hi', usage: [3, 4] },
  );
  expect(await answer).toMatchObject({ text: 'hi' });
  expect(server.asked.map(({ body }) => body.stream_options)).toEqual([
    { include_usage: true },
    undefined,
  ]);
});

it('are not the reason of every refusal', async () => {
  const answer = asked.stream([]);
  asked.server.says({ status: 400, body: { error: { message: 'too long' } } });
  await expect(answer).rejects.toThrow('too long');
  expect(asked.server.asked).toHaveLength(1);
});
