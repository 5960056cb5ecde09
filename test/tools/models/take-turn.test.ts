import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Json, JsonObject } from '../../../src/contracts/json/json.js';
import type { ModelConfig } from '../../../src/platform/config/config-models.js';
import type { Said } from '../../../src/contracts/model.js';
import {
  AskedModelServer,
  ANTHROPIC,
  HELLO,
  SHAPES,
  chat,
  claude,
} from '../../support/asked-model-server.js';

let asked: AskedModelServer;
beforeAll(async () => {
  asked = await AskedModelServer.start();
});
afterAll(() => asked.stop());

const ask: AskedModelServer['ask'] = (...args) => asked.ask(...args);
const again: AskedModelServer['again'] = (...args) => asked.again(...args);
const sentBack: AskedModelServer['sentBack'] = (...args) => asked.sentBack(...args);

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
    const sent = JSON.stringify(asked.server.asked[0]!.body.messages);
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
    expect(problem).toContain('the arguments are not a JSON object: ');
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
    expect(first.nothing).toBe('it contains neither text nor tool calls');
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
    expect((await ask(promised)).nothing).toContain('contains none');
    expect(await ask(promised, {}, { tools: [] })).not.toHaveProperty('nothing');
  });
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
    const [tool] = asked.server.asked[0]!.body.tools;
    const sent = { type: 'object', properties: {}, ...schema };
    expect(tool.input_schema ?? tool.function.parameters).toEqual(sent);
  });

  it('has the headers and parameters of the operator', async () => {
    const headers = { 'x-title': 'mission', 'x-auth': 'secret://key' };
    const parameters = { temperature: 0, thinking: { type: 'enabled' } };
    for (const changes of [{}, ANTHROPIC]) {
      const answer = 'provider' in changes ? claude('x') : chat({ content: 'x' });
      await ask(answer, { ...changes, headers, parameters });
      expect(asked.server.asked[0]!.headers).toMatchObject({
        'x-title': 'mission',
        'x-auth': 'value of key',
      });
      expect(asked.server.asked[0]!.body).toMatchObject(parameters);
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
    expect(asked.server.asked[0]!.body.response_format).toEqual(format);
    await ask(chat({ content: '{}' }), {}, { output });
    expect(asked.server.asked[0]!.body).not.toHaveProperty('response_format');
    await ask(claude('{}'), { ...ANTHROPIC, structuredOutput: true }, { output });
    const { output_config, tools } = asked.server.asked[0]!.body;
    expect(output_config.format).toMatchObject({ type: 'json_schema', schema: { type: 'object' } });
    expect(tools).toHaveLength(2);
  });
});
