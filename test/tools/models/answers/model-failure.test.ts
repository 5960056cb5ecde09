import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AskedModelServer } from '../../../support/asked-model-server.js';

let asked: AskedModelServer;
beforeAll(async () => {
  asked = await AskedModelServer.start();
});
afterAll(() => asked.stop());

const ask: AskedModelServer['ask'] = (...args) => asked.ask(...args);

describe('who has no money left', () => {
  it.each(['insufficient_quota', 'exceeded_current_quota_error', 'billing_hard_limit_reached'])(
    'is not asked to wait: %s',
    async (type) => {
      const refused = ask({ error: { message: 'no credit', type } }, {}, {}, 429);
      await expect(refused).rejects.toMatchObject({ code: 'model_error', retryable: false });
      await expect(refused).rejects.toThrow('no credit. Check the account at the provider.');
    },
  );
});

it('who is away is named with its address, but not with its key', async () => {
  const refused = ask({}, { baseUrl: 'http://127.0.0.1:9/v1?key=word' });
  await expect(refused).rejects.toMatchObject({ code: 'unavailable' });
  await expect(refused).rejects.toThrow(
    /cannot be reached at http:\/\/127.0.0.1:9\/v1: .*Start it, or correct base_url/,
  );
});
