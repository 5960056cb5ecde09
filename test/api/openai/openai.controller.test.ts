import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import OpenAI from 'openai';
import { Instance } from '../../support/instance.js';

const GREET = `
name: greet
version: 1.0.0
description: Greets somebody
inputs: { who: { type: string } }
permissions: []
steps: [{ return: 'hello {{ inputs.who }}' }]
`;

let instance: Instance;
let client: OpenAI;

beforeAll(async () => {
  instance = await Instance.create({ '.ai/directives/greet.yaml': GREET });
  await instance.up();
  client = new OpenAI({
    baseURL: `${instance.addresses.api}/v1`,
    apiKey: instance.key,
    maxRetries: 0,
  });
}, 120_000);
afterAll(() => instance.remove());

const say = (content: string) => [{ role: 'user' as const, content }];
const counts = async () =>
  (
    await instance.query(
      'SELECT count(*)::int AS threads, (SELECT count(*)::int FROM thread_messages) AS messages FROM threads',
    )
  )[0];

it('the directives that talk are models', async () => {
  const { data } = await client.models.list();
  expect(data.map(({ id }) => id)).toEqual(
    expect.arrayContaining(['mc-intent_handler', 'mc-intent_handler_slack']),
  );
  expect(data.every(({ object }) => object === 'model')).toBe(true);
});

it('the official client gets an answer, whole and streamed', async () => {
  const model = 'mc-intent_handler';
  const whole = await client.chat.completions.create({ model, messages: say('greet who=Ann') });
  expect(whole.choices[0]!.message.content).toContain('hello Ann');
  const stream = client.chat.completions.stream({
    model,
    messages: say('greet who=Bob'),
    stream_options: { include_usage: true },
  });
  const final = await stream.finalChatCompletion();
  expect(final.choices[0]).toMatchObject({
    finish_reason: 'stop',
    message: { role: 'assistant', content: expect.stringContaining('hello Bob') },
  });
  expect(final.usage).toMatchObject({ total_tokens: 0 });
}, 60_000);

it('a conversation is one thread, and a repeated request one message', async () => {
  const model = 'mc-intent_handler';
  const first = say('greet who=Cleo');
  const answer = await client.chat.completions.create({ model, messages: first });
  const before = await counts();
  const again = await client.chat.completions.create({ model, messages: first });
  expect(again.choices[0]!.message.content).toBe(answer.choices[0]!.message.content);
  expect(await counts()).toEqual(before);
  const messages = [...first, answer.choices[0]!.message, ...say('again')] as never;
  const next = await client.chat.completions.create({ model, messages });
  expect(next.choices[0]!.message.content).toContain('hello Cleo');
  expect(await counts()).toEqual({ threads: before.threads, messages: before.messages + 2 });
}, 60_000);

it('the AI SDK reads the stream', async () => {
  const provider = createOpenAICompatible({
    name: 'mission',
    baseURL: `${instance.addresses.api}/v1`,
    apiKey: instance.key,
  });
  const model = provider('mc-intent_handler');
  const prompt = [
    { role: 'user' as const, content: [{ type: 'text' as const, text: 'greet who=Dan' }] },
  ];
  const { stream } = await model.doStream({ prompt });
  const types = new Set<string>();
  let text = '';
  for await (const part of stream as unknown as AsyncIterable<any>) {
    types.add(part.type);
    if (part.type === 'text-delta') text += part.delta;
  }
  expect(text).toContain('hello Dan');
  expect(types).toContain('finish');
  expect(types).not.toContain('error');
}, 60_000);

it('hidden requests start nothing, tools are not called, and what is wrong is told', async () => {
  const model = 'mc-intent_handler';
  const before = await counts();
  const task = '### Task:\nWrite a title.\n<chat_history>\nUSER: greet who=Eve\n</chat_history>';
  const title = await client.chat.completions.create({ model, messages: say(task) });
  expect(JSON.parse(title.choices[0]!.message.content!)).toEqual({ title: 'greet who=Eve' });
  expect(await counts()).toEqual(before);
  const tools = [{ type: 'function' as const, function: { name: 'x', parameters: {} } }];
  const { response } = await client.chat.completions
    .create({ model, messages: say('hello'), tools })
    .withResponse();
  expect(response.headers.get('x-mission-ignored')).toBe('tools');
  await expect(
    client.chat.completions.create({ model: 'gpt-9', messages: say('x') }),
  ).rejects.toMatchObject({ status: 404 });
  await expect(client.chat.completions.create({ model, messages: [] })).rejects.toMatchObject({
    status: 400,
    error: { type: 'invalid_request_error', code: 'input_invalid' },
  });
  const stranger = new OpenAI({
    baseURL: `${instance.addresses.api}/v1`,
    apiKey: 'mc_local_nobody',
    maxRetries: 0,
  });
  await expect(stranger.models.list()).rejects.toMatchObject({ status: 401 });
}, 60_000);
