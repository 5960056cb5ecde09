import { expect, it } from '@jest/globals';
import type { JsonObject } from '../../../../src/contracts/json/json.js';
import { AnthropicPieces } from '../../../../src/tools/models/streams/anthropic-pieces.js';

const put = (...events: JsonObject[]) => {
  const pieces = new AnthropicPieces();
  const texts = events.map((event) => pieces.add(event));
  return { pieces, body: pieces.body, text: texts.join('') };
};
const start = (usage: JsonObject = {}): JsonObject => ({
  type: 'message_start',
  message: { role: 'assistant', content: [], stop_reason: null, usage },
});
const delta = (index: number, piece: JsonObject): JsonObject => ({
  ...{ type: 'content_block_delta', index, delta: piece },
});

it('the last counts are those of the answer, unless a server does not count', () => {
  const counts = (input_tokens: number, output_tokens: number): JsonObject => ({
    ...{ type: 'message_delta', delta: {}, usage: { input_tokens, output_tokens } },
  });
  const usage = (...events: JsonObject[]) => put(...events).body.usage;
  expect(usage(start({ input_tokens: 9, output_tokens: 1 }), counts(0, 7))).toEqual({
    ...{ input_tokens: 9, output_tokens: 7 },
  });
  expect(usage(start({ input_tokens: 0, output_tokens: 0 }), counts(9, 7))).toEqual({
    ...{ input_tokens: 9, output_tokens: 7 },
  });
});

it('blocks that mix are told apart, and those that were not begun are begun', () => {
  const call = (name: string) => ({ type: 'tool_use', id: name, name, input: {} });
  const { body, text } = put(
    start(),
    { type: 'content_block_start', index: 1, content_block: call('a') },
    { type: 'content_block_start', index: 2, content_block: call('b') },
    delta(2, { type: 'input_json_delta', partial_json: '{"n"' }),
    delta(1, { type: 'input_json_delta', partial_json: '' }),
    delta(2, { type: 'input_json_delta', partial_json: ':1}' }),
    delta(3, { type: 'text_delta', text: 'so' }),
    delta(3, { type: 'of tomorrow', text: 'x' }),
  );
  expect(text).toBe('so');
  expect(body.content).toEqual([
    call('a'),
    { ...call('b'), input: '{"n":1}' },
    { type: 'text', text: 'so' },
  ]);
});

it("citations and the inputs of the server's own tools are kept", () => {
  const search = { type: 'server_tool_use', id: 's', name: 'web_search', input: {} };
  const { body } = put(
    start(),
    { type: 'content_block_start', index: 0, content_block: search },
    delta(0, { type: 'input_json_delta', partial_json: '{"query":"a"}' }),
    { type: 'content_block_start', index: 1, content_block: { type: 'text', text: '' } },
    delta(1, { type: 'text_delta', text: 'b' }),
    delta(1, { type: 'citations_delta', citation: { url: 'u' } }),
    delta(1, { type: 'citations_delta', citation: { url: 'v' } }),
  );
  expect(body.content).toEqual([
    { ...search, input: { query: 'a' } },
    { type: 'text', text: 'b', citations: [{ url: 'u' }, { url: 'v' }] },
  ]);
});

it('it is whole once there is a reason for its end, and nothing follows message_stop', () => {
  const { pieces } = put(start());
  expect([pieces.isWhole, pieces.hasEnded]).toEqual([false, false]);
  pieces.add({ type: 'message_delta', delta: { stop_reason: 'end_turn' } });
  expect([pieces.isWhole, pieces.hasEnded]).toEqual([true, false]);
  pieces.add({ type: 'message_stop' });
  expect(pieces.hasEnded).toBe(true);
  expect(pieces.body).toMatchObject({ content: [], stop_reason: 'end_turn' });
});
