import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MissionError } from '../../../src/contracts/errors.js';
import type { Json, JsonObject } from '../../../src/contracts/json.js';
import type { ModelConfig } from '../../../src/platform/config-models.js';
import { Redactor } from '../../../src/platform/redaction/redactor.js';
import type { ModelRequest, Said } from '../../../src/tools/models/model-request.js';
import { Models } from '../../../src/tools/models/models.js';
import { modelAt, ModelServer } from '../../support/model-server.js';

let server: ModelServer;
beforeAll(async () => {
  server = await ModelServer.start();
});
afterAll(() => server.stop());

const TOOLS = ['a', 'b'].map((name) => ({ name, description: name, schema: { type: 'object' } }));
const HELLO: Said = { role: 'user', text: 'hello' };

const ask = (
  body: Json,
  changes: Partial<ModelConfig> = {},
  request: Partial<ModelRequest> = {},
  status = 200,
) => {
  server.says({ body, status }, { text: 'second' });
  const models = new Models({
    models: { m: modelAt(server.url, { apiKey: 'key-of-nobody-9876', ...changes }) },
    secrets: { resolve: async (name) => `value of ${name}` },
    redactor: new Redactor(),
  });
  const whole = { model: 'm', system: '', said: [HELLO], tools: TOOLS, ...request };
  return models.ask(whole, { timeoutMs: 5_000, signal: new AbortController().signal });
};

/** An answer of Chat Completions. */
const chat = (message: JsonObject, choice: JsonObject = {}, top: JsonObject = {}): JsonObject => ({
  choices: [{ index: 0, message: { role: 'assistant', ...message }, ...choice }],
  usage: { prompt_tokens: 10, completion_tokens: 5 },
  ...top,
});

/** An answer of Anthropic's. */
const claude = (content: Json, more: JsonObject = {}): JsonObject => ({
  type: 'message',
  content,
  stop_reason: 'end_turn',
  usage: { input_tokens: 10, output_tokens: 5 },
  ...more,
});

const ANTHROPIC = { provider: 'anthropic' } as const;

/** What a call looks like in each of the two shapes. */
const SHAPES = [
  {
    name: 'openai-compatible',
    changes: {},
    call: (id: Json | undefined, tool: string, given: Json | undefined): JsonObject => ({
      ...(id !== undefined && { id }),
      function: { name: tool, ...(given !== undefined && { arguments: given }) },
    }),
    answer: (...calls: JsonObject[]) => chat({ content: null, tool_calls: calls }),
  },
  {
    name: 'anthropic',
    changes: ANTHROPIC,
    call: (id: Json | undefined, tool: string, given: Json | undefined): JsonObject => ({
      ...{ type: 'tool_use', name: tool },
      ...(id !== undefined && { id }),
      ...(given !== undefined && { input: given }),
    }),
    answer: (...calls: JsonObject[]) => claude(calls, { stop_reason: 'tool_use' }),
  },
];

/** The message of the assistant that was sent with the request of an index. */
const sentBack = (index = 0): any =>
  server.asked[index]!.body.messages.find(({ role }: any) => role === 'assistant');

/** A second turn, after the calls of the first were answered. */
const again = (first: Awaited<ReturnType<typeof ask>>, changes: Partial<ModelConfig> = {}) => {
  const { text, calls, given } = first;
  const answers = calls.map(({ id, tool }) => ({ id, tool, text: `of ${id}`, failed: false }));
  const said: Said[] = [HELLO, { role: 'assistant', text, calls, given }];
  said.push(calls.length > 0 ? { role: 'tools', answers } : { role: 'user', text: 'go on' });
  return ask(changes.provider === 'anthropic' ? claude('x') : chat({ content: 'x' }), changes, {
    said,
  });
};

describe.each(SHAPES)('calls of $name', ({ changes, call, answer }) => {
  it.each([
    ['of one id', ['x', 'x', 'x']],
    ['without ids', [undefined, '', null]],
    ['with ids that the next one would get', [undefined, 'call00001', 'call00001']],
    ['with numbers as ids', [7, 7, 8]],
  ])('%s have each their own place', async (_, ids) => {
    const calls = ids.map((id, at) => call(id as Json, at === 1 ? 'b' : 'a', { at }));
    const first = await ask(answer(...calls), changes);
    expect(first.calls.map(({ tool, arguments: given }) => [tool, given])).toEqual([
      ['a', { at: 0 }],
      ['b', { at: 1 }],
      ['a', { at: 2 }],
    ]);
    const own = first.calls.map(({ id }) => id);
    expect(new Set(own).size).toBe(3);
    for (const id of own) expect(id).toMatch(/^[A-Za-z0-9]+$/);
    await again(first, changes);
    const sent = JSON.stringify(server.asked[0]!.body.messages);
    for (const id of own) expect(sent.split(`"${id}"`)).toHaveLength(3);
  });

  it('have ids that no earlier call had', async () => {
    const first = await ask(answer(call('x', 'a', {})), changes);
    const said: Said[] = [HELLO, { role: 'assistant', ...first }];
    said.push({ role: 'tools', answers: [{ id: 'x', tool: 'a', text: 'y', failed: false }] });
    const second = await ask(answer(call('x', 'a', {})), changes, { said });
    expect(second.calls[0]!.id).not.toBe('x');
  });

  it.each<[string, Json | undefined, JsonObject]>([
    ['an object', { n: 1 }, { n: 1 }],
    ['text', '{"n": 1}', { n: 1 }],
    ['text in text', '"{\\"n\\": 1}"', { n: 1 }],
    ['null', null, {}],
    ['a text of null', 'null', {}],
    ['nothing', undefined, {}],
    ['an empty text', ' ', {}],
  ])('have their arguments as %s', async (_, given, read) => {
    const { calls } = await ask(answer(call('x', 'a', given)), changes);
    expect(calls).toEqual([{ id: 'x', tool: 'a', arguments: read }]);
  });

  it.each<[Json, string]>([
    ['no json', 'no json'],
    ['{"n": 1', '{"n": 1'],
    [[1], '[1]'],
    [7, '7'],
  ])('whose arguments are %j are told so, and go back as none', async (given, shown) => {
    const first = await ask(answer(call('x', 'a', given)), changes);
    const { problem } = first.calls[0]!;
    expect(problem).toContain('the arguments are no JSON object: ');
    expect(problem).toContain(shown.slice(0, 5));
    await again(first, changes);
    const { content, tool_calls } = sentBack();
    expect(tool_calls ? JSON.parse(tool_calls[0].function.arguments) : content[0].input).toEqual(
      {},
    );
  });

  it.each(['{"n": [9007199254740993]}', '{"n": [1e400]}'])(
    'with numbers that are not kept are told so: %s',
    async (given) => {
      const whole = JSON.stringify(answer(call('x', 'a', 'HERE')));
      for (const shape of [JSON.stringify(given), given]) {
        const first = await ask(whole.replace('"HERE"', shape), changes);
        expect(first.calls).toMatchObject([{ arguments: {} }]);
        expect(first.calls[0]!.problem).toContain('n[0]: ');
        expect(JSON.stringify(first.given)).toMatch(/9007199254740993|1e400/);
        await again(first, changes);
      }
    },
  );

  it('are read up to a number', async () => {
    const many = Array.from({ length: 40 }, (_, at) => call(`c${at}`, 'a', {}));
    const first = await ask(answer(...many), changes);
    expect(first.calls).toHaveLength(32);
    await again(first, changes);
    const { content, tool_calls } = sentBack();
    expect(tool_calls ?? content).toHaveLength(32);
  });

  it('are not made when the answer was cut off or held back', async () => {
    const whole = answer(call('x', 'a', {}));
    const end = (openai: string, other: string) =>
      'choices' in whole
        ? { ...whole, choices: [{ ...(whole.choices as any)[0], finish_reason: openai }] }
        : { ...whole, stop_reason: other };
    expect(await ask(end('length', 'max_tokens'), changes)).toMatchObject({ cut: true });
    const refused = ask(end('content_filter', 'refusal'), changes);
    await expect(refused).rejects.toMatchObject({ code: 'model_error', retryable: false });
    await expect(refused).rejects.toThrow('it refuses to answer this');
  });

  it('may come without a name', async () => {
    const nameless = { ...call('x', 'a', {}), name: null, function: { name: null } } as JsonObject;
    const { calls } = await ask(answer(nameless), changes);
    expect(calls).toMatchObject([{ id: 'x', tool: '' }]);
  });
});

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

describe('an answer without anything in it', () => {
  it.each<[string, Json, Partial<ModelConfig>]>([
    ['no text', chat({ content: '' }), {}],
    ['null', chat({ content: null }), {}],
    ['white space', chat({ content: '\n ' }), {}],
    ['thoughts beside the text', chat({ content: '', reasoning_content: 'hm' }), {}],
    ['thoughts in the text', chat({ content: '<think>hm</think>\n' }), {}],
    ['no blocks', claude([]), ANTHROPIC],
    ['thoughts alone', claude([{ type: 'thinking', thinking: 'x', signature: 's' }]), ANTHROPIC],
  ])('has %s', async (_, body, changes) => {
    const first = await ask(body, changes);
    expect(first.nothing).toBe('it says nothing and calls nothing');
    await again(first, changes);
    const { content } = sentBack();
    const last = Array.isArray(content) ? content.at(-1).text : content;
    expect(last.trim() === '' ? 'white space' : last).toMatch(/^\(nothing\)$|white space|^<think>/);
  });

  it('announces calls', async () => {
    const promised = chat(
      { content: 'one moment', tool_calls: [] },
      { finish_reason: 'tool_calls' },
    );
    expect((await ask(promised)).nothing).toContain('calls none');
    expect(await ask(promised, {}, { tools: [] })).not.toHaveProperty('nothing');
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
      '200, and in it a failure (502): overloaded',
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
    ['half an answer', '{"choices": [{"mess', 'unavailable', 'it is no whole JSON: {"choices"'],
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

describe('what was used', () => {
  it.each<[string, Json, Partial<ModelConfig>]>([
    ['is not said', chat({ content: 'x'.repeat(400) }, {}, { usage: null }), {}],
    [
      'is said to be nothing',
      chat({ content: 'x'.repeat(400) }, {}, { usage: { prompt_tokens: 0 } }),
      {},
    ],
    ['is not said', claude([{ type: 'text', text: 'x'.repeat(400) }], { usage: null }), ANTHROPIC],
  ])('%s, and estimated', async (_, body, changes) => {
    const said: Said[] = [{ role: 'user', text: 'y'.repeat(4_000) }];
    const { usage } = await ask(body, changes, { said });
    expect(usage.estimated).toBe(true);
    expect(usage.input_tokens).toBeGreaterThan(1_000);
    expect(usage.input_tokens).toBeLessThan(1_400);
    expect(usage.output_tokens).toBeGreaterThan(100);
    expect(usage.output_tokens).toBeLessThan(150);
    expect(usage.cost_usd).toBeGreaterThan(0);
  });
});

describe('a request', () => {
  it.each([{}, ANTHROPIC])('has properties in each schema: %j', async (changes) => {
    const schema = { additionalProperties: true };
    const tools = [{ name: 'a', description: 'a', schema }];
    await ask('provider' in changes ? claude('x') : chat({ content: 'x' }), changes, { tools });
    const [tool] = server.asked[0]!.body.tools;
    const sent = { type: 'object', properties: {}, ...schema };
    expect(tool.input_schema ?? tool.function.parameters).toEqual(sent);
  });

  it('has the headers and parameters of the operator', async () => {
    const headers = { 'x-title': 'mission', 'x-auth': 'secret://key' };
    const parameters = { temperature: 0, thinking: { type: 'enabled' } };
    for (const changes of [{}, ANTHROPIC]) {
      const answer = 'provider' in changes ? claude('x') : chat({ content: 'x' });
      await ask(answer, { ...changes, headers, parameters });
      expect(server.asked[0]!.headers).toMatchObject({
        'x-title': 'mission',
        'x-auth': 'value of key',
      });
      expect(server.asked[0]!.body).toMatchObject(parameters);
    }
  });

  it('asks for an object where the model has structured output, and not where it has none', async () => {
    const output = {
      type: 'object',
      properties: { n: { type: 'integer' } },
      additionalProperties: false,
    };
    await ask(chat({ content: '{}' }), { structuredOutput: true }, { output });
    const format = {
      type: 'json_schema',
      json_schema: { name: 'response', strict: false, schema: output },
    };
    expect(server.asked[0]!.body.response_format).toEqual(format);
    await ask(chat({ content: '{}' }), {}, { output });
    expect(server.asked[0]!.body).not.toHaveProperty('response_format');
    await ask(claude('{}'), { ...ANTHROPIC, structuredOutput: true }, { output });
    const { output_config, tools } = server.asked[0]!.body;
    expect(output_config.format).toMatchObject({ type: 'json_schema', schema: { type: 'object' } });
    expect(tools).toHaveLength(2);
  });
});

describe('the bound of an answer', () => {
  const REFUSAL = {
    error: { message: "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens'." },
  };
  const bounds = () =>
    server.asked.map(({ body }) => [body.max_tokens, body.max_completion_tokens]);

  it('has the other name where its own is refused, from then on', async () => {
    const bound = { maxOutputTokens: 9, model: 'newer-1' };
    expect(await ask(REFUSAL, bound, {}, 400)).toMatchObject({ text: 'second' });
    expect(bounds()).toEqual([
      [9, undefined],
      [undefined, 9],
    ]);
    await ask(chat({ content: 'x' }), bound);
    expect(bounds()).toEqual([[undefined, 9]]);
    await ask(chat({ content: 'x' }), { ...bound, model: 'older-1' });
    expect(bounds()).toEqual([[9, undefined]]);
  });

  it('has the name that the operator gives', async () => {
    await ask(chat({ content: 'x' }), {
      maxOutputTokens: 9,
      maxTokensField: 'max_completion_tokens',
    });
    expect(bounds()).toEqual([[undefined, 9]]);
    const old = { maxOutputTokens: 9, maxTokensField: 'max_tokens', model: 'newer-2' } as const;
    await expect(ask(REFUSAL, old, {}, 400)).rejects.toMatchObject({ code: 'model_error' });
    expect(server.asked).toHaveLength(1);
  });

  it('that is too large is refused, and not asked again by another name', async () => {
    const body = { error: { message: 'max_tokens is too large: at most 8192' } };
    const refused = ask(body, { maxOutputTokens: 9, model: 'newer-3' }, {}, 400);
    await expect(refused).rejects.toThrow('answered 400: max_tokens is too large: at most 8192.');
    expect(server.asked).toHaveLength(1);
  });
});

describe('who has no money left', () => {
  it.each(['insufficient_quota', 'exceeded_current_quota_error', 'billing_hard_limit_reached'])(
    'is not asked to wait: %s',
    async (type) => {
      const refused = ask({ error: { message: 'no credit', type } }, {}, {}, 429);
      await expect(refused).rejects.toMatchObject({ code: 'model_error', retryable: false });
      await expect(refused).rejects.toThrow('no credit. See to the account at the provider.');
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
