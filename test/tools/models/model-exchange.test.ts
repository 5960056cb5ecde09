import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MissionError } from '../../../src/contracts/errors.js';
import type { Json, JsonObject } from '../../../src/contracts/json/json.js';
import type { ModelConfig } from '../../../src/platform/config/config-models.js';
import { AskedModelServer, ANTHROPIC, chat, claude } from '../../support/asked-model-server.js';

let asked: AskedModelServer;
beforeAll(async () => {
  asked = await AskedModelServer.start();
});
afterAll(() => asked.stop());

const ask: AskedModelServer['ask'] = (...args) => asked.ask(...args);
const again: AskedModelServer['again'] = (...args) => asked.again(...args);
const sentBack: AskedModelServer['sentBack'] = (...args) => asked.sentBack(...args);

describe('what a model said goes back as it came', () => {
  it.each<[string, JsonObject]>([
    ['reasoning', { reasoning_content: 'look it up' }],
    [
      'reasoning by another name',
      { reasoning: 'hm', reasoning_details: [{ type: 'x', data: 'y' }] },
    ],
    ['reasoning that is no text', { reasoning_content: { steps: ['a'] } }],
    ['fields that nobody knows', { audio: { id: 'b' }, annotations: [] }],
  ])('%s', async (_, extra) => {
    const call = { id: 'x', type: 'function', index: 0, function: { name: 'a', arguments: '{}' } };
    const signed = { ...call, extra_content: { google: { thought_signature: 's' } } };
    const message = { content: 'wait', tool_calls: [signed], ...extra };
    await again(await ask(chat({ ...message, refusal: null })));
    expect(sentBack()).toEqual({ role: 'assistant', ...message });
  });

  it('parts of content', async () => {
    const content: Json[] = [
      { type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] },
      { type: 'text', text: 'so' },
    ];
    const first = await ask(chat({ content }));
    expect(first.text).toBe('so');
    await again(first);
    expect(sentBack().content).toEqual(content);
  });

  it('thoughts with their signatures, and those that are not shown', async () => {
    const content: Json[] = [
      { type: 'thinking', thinking: 'look it up', signature: 'sig' },
      { type: 'redacted_thinking', data: 'opaque' },
      { type: 'of tomorrow', more: 1 },
      { type: 'text', text: 'wait' },
      { type: 'tool_use', id: 'x', name: 'a', input: { n: 1 } },
    ];
    const first = await ask(claude([...content, { type: 'text', text: '' }]), ANTHROPIC);
    expect(first).toMatchObject({ text: 'wait', calls: [{ id: 'x' }] });
    await again(first, ANTHROPIC);
    expect(sentBack()).toEqual({ role: 'assistant', content });
  });

  it('is rebuilt for another provider, and where it was not kept', async () => {
    const call = { id: 'x', function: { name: 'a', arguments: '{"n":1}' } };
    const first = await ask(chat({ content: 'wait', reasoning_content: 'r', tool_calls: [call] }));
    await again(first, ANTHROPIC);
    const use = { type: 'tool_use', id: 'x', name: 'a', input: { n: 1 } };
    expect(sentBack().content).toEqual([{ type: 'text', text: 'wait' }, use]);
    await again({ ...first, given: undefined as never });
    const called = { id: 'x', type: 'function', function: call.function };
    expect(sentBack()).toEqual({ role: 'assistant', content: 'wait', tool_calls: [called] });
  });
});

describe('a failure with status 200', () => {
  const failing = (body: Json, changes: Partial<ModelConfig> = {}) =>
    ask(body, changes).then(
      () => Promise.reject(new Error('it answered')),
      (thrown: any) => thrown,
    );

  it.each<[string, Json, string, string]>([
    [
      'an error with a code',
      { error: { message: 'overloaded', code: 502 } },
      'unavailable',
      '200 with an error in the body (502): overloaded',
    ],
    ['an error that is a text', { error: 'gone' }, 'unavailable', 'gone'],
    [
      'an error beside an answer',
      chat({ content: 'hal' }, {}, { error: { message: 'cut' } }),
      'unavailable',
      'cut',
    ],
    [
      'an error in a choice',
      { choices: [{ error: { message: 'away', code: 503 } }] },
      'unavailable',
      '(503): away',
    ],
    ['a code of one who is busy', { error: { code: 429 } }, 'too_many_requests', '(429)'],
    [
      'a type of one who is busy',
      { error: { type: 'overloaded_error' } },
      'too_many_requests',
      '(529)',
    ],
    ['a refusal', { error: { message: 'bad', code: '400' } }, 'model_error', '(400): bad'],
    ['no choices', { choices: [] }, 'unavailable', 'it has no choices'],
    ['a choice without a message', { choices: [{ index: 0 }] }, 'unavailable', 'it has no choices'],
    ['something else', { hello: 'world' }, 'unavailable', 'it has no choices: {"hello":"world"}'],
    ['nothing at all', '', 'unavailable', 'it has no choices'],
    ['half an answer', '{"choices": [{"mess', 'unavailable', 'it is not complete JSON: {"choices"'],
    [
      'a finish that is an error',
      chat({ content: '' }, { finish_reason: 'error' }),
      'unavailable',
      'finish_reason is "error"',
    ],
    [
      'a finish for want of room',
      chat({ content: 'a' }, { finish_reason: 'insufficient_system_resource' }),
      'unavailable',
      'insufficient_system_resource',
    ],
  ])('%s', async (_, body, code, words) => {
    const error = await failing(body);
    expect(error).toMatchObject({ code, ...(code === 'model_error' && { retryable: false }) });
    expect(error.message).toContain(words);
  });

  it.each<[string, Json, string]>([
    ['an error', { type: 'error', error: { type: 'api_error', message: 'oops' } }, 'unavailable'],
    ['no content', { type: 'message' }, 'unavailable'],
  ])('%s of anthropic', async (_, body, code) => {
    expect(await failing(body, ANTHROPIC)).toMatchObject({ code });
  });

  it('is not seen in an error that is none', async () => {
    for (const error of [null, '', false, {}])
      expect(await ask(chat({ content: 'x' }, {}, { error }))).toMatchObject({ text: 'x' });
  });

  it('is told with what was said instead of JSON', async () => {
    const error = await failing('<title>Sign in</title>');
    expect(error).toMatchObject({ code: 'model_error', retryable: false });
    expect(error.message).toContain('answered 200: a page that says "Sign in". Correct base_url');
  });
});

describe('odd parts of an answer are passed over', () => {
  it.each<[string, Json]>([
    ['texts in a list', chat({ content: ['a', { type: 'text', text: 'b' }, 7, null] })],
    [
      'parts of other types',
      chat({
        content: [
          { type: 'output_text', text: 'a' },
          { text: 'b' },
          { type: 'reasoning', text: 'c' },
        ],
      }),
    ],
    ['a part alone', chat({ content: { type: 'text', text: 'ab' } })],
    ['no role', { choices: [{ message: { content: 'ab' } }] }],
    ['odd counts', chat({ content: 'ab' }, {}, { usage: { prompt_tokens: '7', x: null } })],
    ['calls that are none', chat({ content: 'ab', tool_calls: [null, 'x'] })],
    ['calls that are no list', chat({ content: 'ab', tool_calls: {} })],
    ['an odd finish', chat({ content: 'ab' }, { finish_reason: 7 })],
  ])('%s', async (_, body) => {
    expect(await ask(body)).toMatchObject({ text: 'ab', calls: [] });
  });

  it('of anthropic', async () => {
    const odd = { content: 'ab', stop_reason: 7, usage: { output_tokens: 'x' } };
    expect(await ask(odd, ANTHROPIC)).toMatchObject({ text: 'ab', calls: [] });
  });
});

describe('whatever a server answers', () => {
  const any = fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>;
  /** A map in which each of the names may be missing, right or anything. */
  const mapOf = (fields: Record<string, fc.Arbitrary<Json>>): fc.Arbitrary<Json> =>
    fc.oneof(
      { weight: 9, arbitrary: fc.record(fields, { requiredKeys: [] }) as fc.Arbitrary<Json> },
      { weight: 1, arbitrary: any },
    );
  const odd = (usual: fc.Arbitrary<Json>) => fc.oneof({ weight: 3, arbitrary: usual }, any);
  const listOf = (each: fc.Arbitrary<Json>) =>
    odd(fc.array(each, { maxLength: 3 }) as fc.Arbitrary<Json>);
  const text = odd(fc.string());
  const called = mapOf({ name: text, arguments: odd(fc.json()) });
  const call = mapOf({ id: text, type: text, function: called });
  const content = fc.oneof(text, listOf(mapOf({ type: odd(fc.constant('text')), text })));
  const message = mapOf({
    role: text,
    content,
    refusal: text,
    reasoning: any,
    tool_calls: listOf(call),
  });
  const choice = mapOf({
    message,
    finish_reason: odd(fc.constantFrom('stop', 'length', 'tool_calls')),
  });
  const usage = mapOf({ prompt_tokens: odd(fc.nat()), completion_tokens: odd(fc.nat()) });
  const openai = mapOf({ choices: listOf(choice), usage });
  const block = mapOf({
    type: odd(fc.constantFrom('text', 'tool_use', 'thinking')),
    ...{ text, id: text, name: text, input: any, thinking: text, signature: text },
  });
  const counts = mapOf({ input_tokens: odd(fc.nat()), output_tokens: odd(fc.nat()) });
  const messages = mapOf({ content: listOf(block), stop_reason: text, usage: counts });

  it.each<[string, fc.Arbitrary<Json>, Partial<ModelConfig>]>([
    ['openai-compatible', openai, {}],
    ['anthropic', messages, ANTHROPIC],
  ])(
    'is an answer that can be sent back, or a failure in plain words: %s',
    async (_, bodies, changes) => {
      await fc.assert(
        fc.asyncProperty(bodies, async (body) => {
          try {
            const first = await ask(JSON.stringify(body), changes);
            expect(new Set(first.calls.map(({ id }) => id)).size).toBe(first.calls.length);
            await again(first, changes);
            expect(sentBack()).toEqual(first.given.message);
          } catch (thrown) {
            expect(thrown).toBeInstanceOf(MissionError);
            expect((thrown as Error).message).not.toMatch(
              /validation failed|not a function|undefined/i,
            );
          }
        }),
        { numRuns: 200 },
      );
    },
  );
});
