import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MOST_CALLS } from '../../../../src/contracts/model.js';
import type { Json, JsonObject } from '../../../../src/contracts/json/json.js';
import { OpenaiPieces } from '../../../../src/tools/models/streams/openai-pieces.js';
import { AskedModelServer } from '../../../support/asked-model-server.js';
import { event } from '../../../support/streamed-answers.js';

let asked: AskedModelServer;
beforeAll(async () => {
  asked = await AskedModelServer.start();
});
afterAll(() => asked.stop());

describe('calls in a stream', () => {
  const calls = (...pieces: JsonObject[]) =>
    asked.stream([
      ...pieces.map((call) => event({ choices: [{ index: 0, delta: { tool_calls: [call] } }] })),
      event({ choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls' }] }),
    ]);
  const named = (id: string | undefined, name: string, given: Json): JsonObject => ({
    ...(id !== undefined && { id }),
    function: { name, arguments: given },
  });
  const more = (given: string): JsonObject => ({ function: { arguments: given } });

  it.each<[string, JsonObject[]]>([
    [
      'with pieces that mix',
      [
        { index: 0, ...named('x', 'a', '') },
        { index: 1, ...named('y', 'b', '{"n"') },
        { index: 0, ...more('{"n":1}') },
        { index: 1, ...more(':2}') },
      ],
    ],
    [
      'that all have the index 0',
      [
        { index: 0, ...named('x', 'a', '{"n"') },
        { index: 0, ...more(':1}') },
        { index: 0, ...named('y', 'b', '{"n":2}') },
      ],
    ],
    ['without an index', [named('x', 'a', '{"n":1}'), named('y', 'b', '{"n"'), more(':2}')]],
    [
      'with the name in each piece',
      [
        { index: 0, ...named('x', 'a', '{"n"') },
        { index: 0, ...named('x', 'a', ':1}') },
        { index: 1, ...named('y', 'b', '{"n":2}') },
      ],
    ],
    [
      'with objects as arguments',
      [
        { index: 0, ...named('x', 'a', { n: 1 }) },
        { index: 1, ...named('y', 'b', { n: 2 }) },
      ],
    ],
  ])('%s are told apart', async (_, pieces) => {
    expect((await calls(...pieces)).calls).toEqual([
      { id: 'x', tool: 'a', arguments: { n: 1 } },
      { id: 'y', tool: 'b', arguments: { n: 2 } },
    ]);
  });
});

describe('reasoning in a stream', () => {
  it('goes back as it came', async () => {
    const detail = (piece: JsonObject) =>
      event({
        choices: [
          {
            index: 0,
            delta: { reasoning_details: [{ type: 'reasoning.text', index: 0, ...piece }] },
          },
        ],
      });
    const first = await asked.stream([
      detail({ text: 'look ', signature: null }),
      detail({ text: 'it up' }),
      detail({ signature: 'sig' }),
      event({
        choices: [
          {
            index: 0,
            delta: { content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'h' }] }] },
          },
        ],
      }),
      event({
        choices: [
          {
            index: 0,
            delta: { content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'm' }] }] },
          },
        ],
      }),
      event({ choices: [{ index: 0, delta: { content: 'so' }, finish_reason: 'stop' }] }),
    ]);
    expect(first.text).toBe('so');
    expect(first.given.message).toMatchObject({
      reasoning_details: [
        { type: 'reasoning.text', index: 0, text: 'look it up', signature: 'sig' },
      ],
      content: [
        { type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] },
        { type: 'text', text: 'so' },
      ],
    });
  });
});

describe('what is put together', () => {
  it('is the first answer alone, whose last finish_reason and usage count', () => {
    const pieces = new OpenaiPieces();
    const add = (index: number, content: string) =>
      pieces.add({ choices: [{ index, delta: { content } }] });
    expect([add(1, 'a'), add(0, 'b'), add(1, 'c')]).toEqual(['a', '', 'c']);
    expect(pieces.isWhole).toBe(false);
    pieces.add({
      choices: [{ index: 1, delta: {}, finish_reason: 'length' }],
      usage: { prompt_tokens: 1 },
    });
    pieces.add({ choices: [], usage: { prompt_tokens: 2 } });
    expect(pieces.isWhole).toBe(true);
    expect(pieces.body).toEqual({
      choices: [{ message: { content: 'ac' }, finish_reason: 'length' }],
      usage: { prompt_tokens: 2 },
    });
  });

  it('has as many calls as are read, and no more', () => {
    const pieces = new OpenaiPieces();
    for (let index = 0; index < 1_000; index++)
      pieces.add({ choices: [{ delta: { tool_calls: [{ index, function: { name: 'a' } }] } }] });
    const [{ message }] = pieces.body.choices as [{ message: { tool_calls: Json[] } }];
    expect(message.tool_calls).toHaveLength(MOST_CALLS);
  });

  it('does not change what objects inherit', () => {
    const pieces = new OpenaiPieces();
    const delta = JSON.parse('{"__proto__":{"own":1},"content":{"__proto__":{"own":1}}}');
    pieces.add({ choices: [{ delta }] });
    pieces.add({ choices: [{ delta }] });
    expect(({} as any).own).toBeUndefined();
  });
});
