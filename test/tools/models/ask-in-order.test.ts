import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { MissionError } from '../../../src/contracts/errors.js';
import type { ModelConfig } from '../../../src/platform/config/config-models.js';
import { Redactor } from '../../../src/platform/redaction/redactor.js';
import { Models } from '../../../src/tools/models/models.js';
import { modelAt, ModelServer, type Said } from '../../support/model-server.js';

const servers: ModelServer[] = [];
beforeAll(async () => {
  for (let count = 0; count < 3; count++) servers.push(await ModelServer.start());
});
afterAll(() => Promise.all(servers.map((server) => server.stop())));
beforeEach(() => servers.forEach((server) => server.says()));

const FALLBACK = { fallback: ['second', 'third'] };

function modelsOf(changes: Partial<ModelConfig> = {}): Models {
  const [first, second, third] = servers.map(({ url }) => url);
  return new Models({
    models: {
      first: modelAt(first!, { ...FALLBACK, ...changes }),
      second: modelAt(second!, { provider: 'anthropic', apiKey: 'k', outputUsdPerMillion: 40 }),
      third: modelAt(third!),
    },
    tiers: { fast: 'third', expert: 'first', general: 'intent' },
    secrets: { resolve: async () => 'k' },
    redactor: new Redactor(),
  });
}

const told: string[] = [];
const ask = (model = 'first', changes: Partial<ModelConfig> = {}, timeoutMs = 5_000) => {
  told.length = 0;
  const { signal } = new AbortController();
  const said = [{ role: 'user' as const, text: 'hello' }];
  return modelsOf(changes).ask(
    { model, system: '', said, tools: [] },
    {
      timeoutMs,
      signal,
      onText: (piece) => told.push(piece),
      onFallback: (name) => told.push(`<${name}>`),
    },
  );
};
const failure = (...args: Parameters<typeof ask>): Promise<MissionError> =>
  ask(...args).then(
    () => Promise.reject(new Error('it answered')),
    (error: MissionError) => error,
  );
const counts = () => servers.map(({ asked }) => asked.length);

it.each<[string, Said]>([
  ['is busy', { status: 429, headers: { 'retry-after': '30' } }],
  ['is overloaded', { status: 529 }],
  ['is broken', { status: 500 }],
  ['refuses its key', { status: 401 }],
  ['does not exist', { status: 404 }],
  ['has no money', { status: 429, body: { error: { code: 'insufficient_quota' } } }],
  ['is no model', { body: '<html>hello</html>' }],
  ['breaks off', { stream: ['data: {"choices":[{"delta":{"content":"x"}}]}\n\n', false] }],
])('the next model is asked where one %s', async (_, said) => {
  servers[0]!.says(said);
  servers[1]!.says({ text: 'hi', usage: [1, 1_000_000] });
  const answer = await ask();
  expect(answer).toMatchObject({ text: 'hi', model: 'second', given: { provider: 'anthropic' } });
  expect(answer.usage.cost_usd).toBeCloseTo(40, 3);
  expect(counts()).toEqual([1, 1, 0]);
  expect(told.filter((each) => each !== 'x').join('')).toBe('<second>hi');
});

it('the next model is asked where one is silent', async () => {
  servers[0]!.says({ hangs: true });
  servers[1]!.says({ text: 'hi' });
  expect(await ask('first', { silenceSeconds: 0.2 })).toMatchObject({ model: 'second' });
});

it.each<[string, Said]>([
  ['is wrong', { status: 400 }],
  ['is too long', { status: 413 }],
  [
    'is refused',
    { body: { choices: [{ message: { content: 'no' }, finish_reason: 'content_filter' }] } },
  ],
])('no other model is asked where the request %s', async (_, said) => {
  servers[0]!.says(said);
  expect((await failure()).code).toBe('model_error');
  expect(counts()).toEqual([1, 0, 0]);
});

it('one failure tells of all models, and is that which a retry may mend', async () => {
  servers[0]!.says({ status: 401 });
  servers[1]!.says({ status: 429, headers: { 'retry-after-ms': '1500' } });
  servers[2]!.says({ status: 500 });
  const error = await failure();
  expect(error).toMatchObject({ code: 'too_many_requests', data: { retry_after_seconds: 1.5 } });
  expect(error.retryable).not.toBe(false);
  for (const words of ['answered 401', 'answered 429', 'answered 500'])
    expect(error.message).toContain(words);
});

it('all share the time of the turn', async () => {
  servers[0]!.says({ hangs: true });
  servers[1]!.says({ text: 'too late' });
  expect((await failure('first', {}, 300)).code).toBe('timeout');
  expect(counts()).toEqual([1, 0, 0]);
});

it('a tier is the model that mission.yaml names for it, with its fallbacks', async () => {
  servers[2]!.says({ text: 'third' });
  expect(await ask('fast')).toMatchObject({ text: 'third', model: 'third' });
  servers[0]!.says({ status: 500 });
  servers[1]!.says({ text: 'second' });
  expect(await ask('expert')).toMatchObject({ text: 'second', model: 'second' });
  expect(await ask('general')).toMatchObject({ model: 'intent', usage: { cost_usd: 0 } });
});

it('a budget pays for the dearest of the models that may answer', () => {
  const models = modelsOf();
  expect(models.affordable('first', 40)).toBe(1_000_000);
  expect(models.affordable('expert', 40)).toBe(1_000_000);
  expect(models.affordable('fast', 40)).toBe(4_000_000);
  expect(models.nameOf('fast')).toBe('fast');
  expect(() => models.nameOf('balanced')).toThrow('There is no model "balanced"');
});
