import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MissionError } from '../../../src/contracts/errors.js';
import type { ModelConfig } from '../../../src/platform/config/config-models.js';
import { Redactor } from '../../../src/platform/redaction/redactor.js';
import { answerSchema } from '../../../src/tools/models/answers/answer-schema.js';
import type { ModelRequest } from '../../../src/contracts/model.js';
import { Models } from '../../../src/tools/models/models.js';
import { modelAt, ModelServer, type Said } from '../../support/model-server.js';

const KEY = 'key-of-nobody-9876';
const WORD = { name: 'look_up', description: 'Looks up a word.', schema: { type: 'object' } };
const PROVIDERS = ['openai-compatible', 'anthropic'] as const;

let server: ModelServer;
beforeAll(async () => {
  server = await ModelServer.start();
});
afterAll(() => server.stop());

const modelsOf = (changes: Partial<ModelConfig>, redactor = new Redactor()) => {
  const models = { m: modelAt(server.url, { apiKey: KEY, ...changes }) };
  return new Models({ models, secrets: { resolve: async () => KEY }, redactor });
};

const ask = (
  said: Said | undefined,
  request: Partial<ModelRequest> = {},
  changes: Partial<ModelConfig> = {},
) => {
  if (said) server.says(said);
  const whole = {
    model: 'm',
    system: '',
    said: [{ role: 'user' as const, text: 'hello' }],
    tools: [],
  };
  const { signal } = new AbortController();
  return modelsOf(changes).ask({ ...whole, ...request }, { timeoutMs: 5_000, signal });
};

const failure = (...args: Parameters<typeof ask>): Promise<MissionError> =>
  ask(...args).then(
    () => Promise.reject(new Error('it answered')),
    (error: MissionError) => error,
  );

describe.each(PROVIDERS)('a model of %s', (provider) => {
  it('answers with text, and what that costs', async () => {
    const answer = await ask(
      { text: 'hi', usage: [1000, 10] },
      { system: 'be brief' },
      { provider },
    );
    const usage = { input_tokens: 1000, output_tokens: 10, cost_usd: 0.0011 };
    expect(answer).toEqual({
      text: 'hi',
      calls: [],
      cut: false,
      usage,
      given: expect.anything(),
      model: 'm',
    });
  });

  it('wants tools, and is told what came of them', async () => {
    const calls = [{ tool: 'look_up', arguments: { word: 'a' } }];
    const first = await ask({ text: 'wait', calls }, { tools: [WORD] }, { provider });
    expect(first).toMatchObject({
      text: 'wait',
      calls: [{ tool: 'look_up', arguments: { word: 'a' } }],
    });
    const { id } = first.calls[0]!;
    const said: ModelRequest['said'] = [
      { role: 'user', text: 'hello' },
      { role: 'assistant', text: '', calls: [{ id, tool: 'look_up', arguments: { word: 'a' } }] },
      { role: 'tools', answers: [{ id, tool: 'look_up', text: 'a letter', failed: false }] },
      { role: 'assistant', text: '', calls: [] },
      { role: 'user', text: 'go on' },
    ];
    await ask({ text: 'done' }, { tools: [WORD], said }, { provider });
    const body = JSON.stringify(server.asked[0]!.body);
    for (const part of [id, 'look_up', 'a letter', '(nothing)', 'go on'])
      expect(body).toContain(part);
  });

  it('may be bounded', async () => {
    const answer = await ask(
      { text: 'once', cut: true },
      { most: 7 },
      { provider, maxOutputTokens: 9 },
    );
    expect(answer).toMatchObject({ text: 'once', cut: true });
    expect(server.asked[0]!.body.max_tokens).toBe(7);
    await ask({ text: 'once' }, { most: 8_000 }, { provider, maxOutputTokens: 9 });
    expect(server.asked[0]!.body.max_tokens).toBe(9);
  });

  it.each([
    [400, 'model_error', false],
    [401, 'model_error', false],
    [403, 'model_error', false],
    [404, 'model_error', false],
    [408, 'unavailable', undefined],
    [429, 'too_many_requests', undefined],
    [500, 'unavailable', undefined],
    [529, 'too_many_requests', undefined],
  ])('that answers %d fails with %s', async (status, code, retryable) => {
    const error = await failure({ status }, {}, { provider });
    expect(error).toMatchObject({ code, retryable, data: { status, provider } });
    expect(error.message).toContain(
      `The model m (${provider}, small-1) answered ${status}: told ${status}.`,
    );
    expect(server.asked).toHaveLength(1);
    expect(JSON.stringify({ ...error, message: error.message })).not.toContain(KEY);
  });
});

it('a model is given no bound that it might refuse', async () => {
  await ask({ text: 'x' }, { most: 1_000_000 });
  expect(server.asked[0]!.body).not.toHaveProperty('max_tokens');
  await ask({ text: 'x' }, { most: 1_000 });
  expect(server.asked[0]!.body.max_tokens).toBe(1_000);
});

describe('failures', () => {
  it.each([
    [{ 'retry-after': '3' }, 3],
    [{ 'retry-after-ms': '250' }, 0.25],
    [{ 'retry-after': 'soon' }, undefined],
  ])('say how long to wait: %j', async (headers, seconds) => {
    const { data } = await failure({ status: 429, headers });
    expect((data as { retry_after_seconds?: number }).retry_after_seconds).toBe(seconds);
  });

  it('tell a time that was up from an end that was wished', async () => {
    server.says({ hangs: true }, { hangs: true });
    const request = {
      model: 'm',
      system: '',
      said: [{ role: 'user' as const, text: 'x' }],
      tools: [],
    };
    const models = modelsOf({});
    const never = new AbortController();
    const late = models.ask(request, { timeoutMs: 100, signal: never.signal });
    await expect(late).rejects.toMatchObject({ code: 'timeout' });
    const wished = new AbortController();
    const ended = models.ask(request, { timeoutMs: 5_000, signal: wished.signal });
    setTimeout(() => wished.abort(), 100);
    await expect(ended).rejects.toMatchObject({ code: 'model_error' });
  });

  it('end an answer that has no end', async () => {
    const error = await failure({ text: 'x'.repeat(9 * 1024 * 1024) });
    expect(error).toMatchObject({ code: 'model_error', retryable: false });
    expect(error.message).toContain('the response is larger than');
  });

  it('of the connection, and of what speaks another language', async () => {
    const gone = await failure(undefined, {}, { baseUrl: 'http://127.0.0.1:9/v1' });
    expect(gone).toMatchObject({ code: 'unavailable' });
    const page = await new Promise<Server>((resolve) => {
      const made = createServer((_, response) => response.end('<html>'));
      made.listen(0, '127.0.0.1', () => resolve(made));
    });
    const { port } = page.address() as AddressInfo;
    const odd = await failure(undefined, {}, { baseUrl: `http://127.0.0.1:${port}` });
    expect(odd).toMatchObject({ code: 'model_error', retryable: false });
    page.closeAllConnections();
    page.close();
  });
});

describe('models', () => {
  it('are found by name, or because it is clear which is meant', () => {
    const models = modelsOf({});
    expect(models.nameOf(undefined)).toBe('m');
    expect(models.nameOf('m')).toBe('m');
    expect(() => models.nameOf('n')).toThrow('There is no model "n": did you mean "m"?');
  });

  it('have their key kept out of what is recorded', async () => {
    const redactor = new Redactor();
    server.says({ text: 'x' });
    const request = {
      model: 'm',
      system: '',
      said: [{ role: 'user' as const, text: 'x' }],
      tools: [],
    };
    const { signal } = new AbortController();
    await modelsOf({}, redactor).ask(request, { timeoutMs: 5_000, signal });
    expect(redactor.text(`it is ${KEY}`)).toBe('it is «secret:models.m»');
  });
});

describe('an object in an answer', () => {
  const schema = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] };

  it.each([
    ['{"n": 1}', { output: { n: 1 } }],
    [' ```json\n{"n": 1}\n``` ', { output: { n: 1 } }],
    ['so: {"n": 1}', { output: { n: 1 } }],
    ['<think>{"n": 1}</think> nothing', { problem: 'it is not a JSON object' }],
    ['{"n": 1}, and not {"n": "2"}', { output: { n: 1 } }],
    ['[1]', { problem: 'it is not a JSON object' }],
    [
      '{"n": 9007199254740993}',
      {
        problem: expect.stringMatching(
          /^n: 9007199254740993 .*write it as text: "9007199254740993"$/,
        ),
      },
    ],
    ['{"n": "1"}', { problem: 'answer/n must be integer' }],
  ])('%j', async (text, read) => {
    expect((await answerSchema(schema)).read(text)).toEqual(read);
  });
});
