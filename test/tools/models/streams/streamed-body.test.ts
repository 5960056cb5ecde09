import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Json, JsonObject } from '../../../../src/contracts/json/json.js';
import type { ModelConfig } from '../../../../src/platform/config/config-models.js';
import { ANTHROPIC, AskedModelServer, chat, claude } from '../../../support/asked-model-server.js';
import { chatEvents, claudeEvents, type Cut, event } from '../../../support/streamed-answers.js';

let asked: AskedModelServer;
beforeAll(async () => {
  asked = await AskedModelServer.start();
});
afterAll(() => asked.stop());

const failing = (stream: Parameters<AskedModelServer['stream']>[0], changes = {}) =>
  asked.stream(stream, changes).then(
    () => Promise.reject(new Error('it answered')),
    (thrown: any) => thrown,
  );

const text = fc.string({ unit: 'binary', maxLength: 20 });
const said = fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }).map((words) => `a${words}`);
const given = fc.dictionary(fc.constantFrom('n', 'ö', 'list'), fc.jsonValue({ maxDepth: 2 }));
const callIds = { minLength: 0, maxLength: 3, selector: ({ id }: { id: string }) => id };
const call = fc.record({
  id: fc.stringMatching(/^[a-z]{3,8}$/),
  tool: fc.constantFrom('a', 'b'),
  given,
});

const chatAnswer = fc
  .record({
    content: said,
    reasoning_content: fc.option(said),
    calls: fc.uniqueArray(call, callIds),
  })
  .map(({ content, reasoning_content, calls }) => {
    const tool_calls = calls.map(({ id, tool: name, given: input }) => ({
      ...{ id, type: 'function', function: { name, arguments: JSON.stringify(input) } },
    }));
    const more = {
      ...(reasoning_content && { reasoning_content }),
      ...(calls.length > 0 && { tool_calls }),
    };
    const finish_reason = calls.length > 0 ? 'tool_calls' : 'stop';
    return chat({ content, ...more } as JsonObject, { finish_reason });
  });

const claudeAnswer = fc
  .record({ thinking: text, signature: text, text: said, calls: fc.uniqueArray(call, callIds) })
  .map(({ thinking, signature, text: words, calls }) => {
    const uses = calls.map(({ id, tool: name, given: input }) => ({
      type: 'tool_use',
      id,
      name,
      input,
    }));
    const content = [
      { type: 'thinking', thinking, signature },
      { type: 'text', text: words },
      ...uses,
    ];
    const stop_reason = calls.length > 0 ? 'tool_use' : 'end_turn';
    return claude(content as Json, { role: 'assistant', stop_reason });
  });

/** Cuts a text at places that follow from a number. */
const cutBy =
  (step: number): Cut =>
  (whole) => {
    const letters = [...whole];
    const pieces = [];
    for (let at = 0; at < letters.length; at += step)
      pieces.push(letters.slice(at, at + step).join(''));
    return pieces;
  };

/** The bytes of a stream in packets that end anywhere, also within a letter. */
function packets(events: string[], size: number, crlf: boolean): Uint8Array[] {
  const whole = Buffer.from(events.join(': still here\n\n').replace(/\n/g, crlf ? '\r\n' : '\n'));
  const cut: Uint8Array[] = [];
  for (let at = 0; at < whole.length; at += size) cut.push(whole.subarray(at, at + size));
  return cut;
}

const API: [string, Partial<ModelConfig>, fc.Arbitrary<JsonObject>, typeof chatEvents][] = [
  ['Chat Completions', {}, chatAnswer, chatEvents],
  ['Anthropic', ANTHROPIC, claudeAnswer, claudeEvents],
];

describe.each(API)('a stream of %s', (_, changes, answer, eventsOf) => {
  it('gives what the same answer gives in one piece', async () => {
    const shape = fc.record({
      step: fc.integer({ min: 1, max: 9 }),
      size: fc.integer({ min: 7, max: 900 }),
      crlf: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(answer, shape, async (body, { step, size, crlf }) => {
        const whole = await asked.ask(body, changes);
        const heard: string[] = [];
        const events = eventsOf(body, cutBy(step));
        expect(await asked.stream(packets(events, size, crlf), changes, heard)).toEqual(whole);
        expect(heard.join('')).toBe(whole.text);
        expect(asked.sent().stream).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it('that ends anywhere in the middle is a failed attempt', async () => {
    await fc.assert(
      fc.asyncProperty(answer, fc.nat(), fc.boolean(), async (body, at, breaks) => {
        const events = eventsOf(body, cutBy(3));
        const reason = events.findIndex((each) => /"(finish|stop)_reason":"/.test(each));
        const rest = events.slice(0, at % reason);
        const error = await failing(breaks ? [...rest, false] : rest, changes);
        expect([error.code, error.retryable]).toEqual(['unavailable', undefined]);
        expect(asked.server.asked).toHaveLength(1);
      }),
      { numRuns: 25 },
    );
  });
});

const hello = { choices: [{ index: 0, delta: { role: 'assistant', content: 'hel' } }] };
const end = { choices: [{ index: 0, delta: { content: 'lo' }, finish_reason: 'stop' }] };

describe('a stream', () => {
  it('needs no [DONE], nor the empty line behind the last event', async () => {
    const answer = await asked.stream([event(hello), event(end).trimEnd()]);
    expect(answer).toMatchObject({ text: 'hello', usage: { estimated: true } });
  });

  it('is not waited for after [DONE] and message_stop', async () => {
    expect(await asked.stream([event(hello), event('[DONE]'), null])).toMatchObject({
      text: 'hel',
    });
    const events = claudeEvents(claude([{ type: 'text', text: 'hi' }]));
    expect(await asked.stream([...events, null], ANTHROPIC)).toMatchObject({ text: 'hi' });
  });

  it.each<[string, string, string, RegExp]>([
    [
      'an overload',
      event({ error: { type: 'overloaded_error', message: 'full' } }),
      'too_many_requests',
      /\(529\): full/,
    ],
    ['an error event', event({ message: 'gone' }, 'error'), 'unavailable', /\(502\): gone/],
    [
      'a wrong request',
      event({ error: { code: 400, message: 'no' } }),
      'model_error',
      /\(400\): no/,
    ],
    [
      'what is not JSON',
      event('<html>'),
      'unavailable',
      /an event of its stream is not a JSON object/,
    ],
    ['a list', event('[1]'), 'unavailable', /an event of its stream is not a JSON object/],
  ])('that brings %s in the middle fails', async (_, bad, code, message) => {
    const error = await failing([event(hello), bad, event(end)]);
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    const started = claudeEvents(claude([{ type: 'text', text: 'hi' }])).slice(0, 4);
    expect(await failing([...started, bad], ANTHROPIC)).toMatchObject({ code });
  });

  it('without choices is no answer', async () => {
    const error = await failing([event('[DONE]')]);
    expect(error.message).toMatch(/it has no choices/);
  });

  it('that falls silent is a timeout, at its beginning and in the middle', async () => {
    const text = 'sent nothing for 0.3 s. Check the model, or raise silence_seconds of the model';
    for (const stream of [[null], [event(hello), null]])
      expect(await failing(stream, { silenceSeconds: 0.3 })).toMatchObject({
        code: 'timeout',
        message: expect.stringContaining(text),
      });
  });

  it('of comments is not silent', async () => {
    const comments = Array.from({ length: 200 }, () => ': wait\n\n');
    const stream = [event(hello), ...comments, event(end)];
    expect((await asked.stream(stream, { silenceSeconds: 2 })).text).toBe('hello');
  });

  it('without end is given up, and so is one event without end', async () => {
    const words = 'x'.repeat(2 * 1024 * 1024);
    const pieces = Array.from({ length: 12 }, () =>
      event({ choices: [{ index: 0, delta: { content: words } }] }),
    );
    expect((await failing([...pieces, null])).message).toMatch(/its stream is longer than/);
    const event1 = ['data: ', ...Array.from({ length: 12 }, () => words), null];
    expect((await failing(event1)).message).toMatch(/an event is longer than/);
  });

  it('is not asked for where the model has stream: false', async () => {
    asked.server.says({ text: 'whole' });
    expect(await asked.stream([event(hello), event(end)], { stream: false })).toMatchObject({
      text: 'hello',
    });
    expect(asked.sent()).not.toHaveProperty('stream');
    expect(asked.sent()).not.toHaveProperty('stream_options');
  });
});
