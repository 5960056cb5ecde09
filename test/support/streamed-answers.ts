import type { Json, JsonObject } from '../../src/contracts/json/json.js';

/** Cuts a text into the pieces in which it is sent. */
export type Cut = (text: string) => string[];

const inTwo: Cut = (text) => {
  const middle = Math.ceil(text.length / 2);
  return [text.slice(0, middle), text.slice(middle)];
};

/** An event of a stream. */
export const event = (data: JsonObject | string, name?: string): string =>
  `${name === undefined ? '' : `event: ${name}\n`}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;

/** The stream of a body of Chat Completions, as OpenAI sends it. */
export function chatEvents({ choices, usage }: any, cut: Cut = inTwo): string[] {
  const [{ message, finish_reason = 'stop' }] = choices;
  const { content, tool_calls = [], role, ...rest } = message;
  const chunk = (delta: JsonObject, more: JsonObject = {}) =>
    event({ choices: [{ index: 0, delta, finish_reason: null, ...more }], usage: null });
  const texts = (name: string, value: Json) =>
    typeof value === 'string'
      ? cut(value).map((piece) => chunk({ [name]: piece }))
      : [chunk({ [name]: value })];
  return [
    chunk({ role, content: content === null ? null : '' }),
    ...Object.entries(rest).flatMap(([name, value]) => texts(name, value as Json)),
    ...(content === null ? [] : texts('content', content)),
    ...tool_calls.flatMap((call: any, index: number) =>
      callEvents(call, index, cut).map((piece) => chunk(piece)),
    ),
    chunk({}, { finish_reason }),
    ...(usage ? [event({ choices: [], usage })] : []),
    event('[DONE]'),
  ];
}

function callEvents({ function: called, ...rest }: any, index: number, cut: Cut): JsonObject[] {
  const { arguments: given, ...named } = called;
  const piece = (call: JsonObject): JsonObject => ({ tool_calls: [{ index, ...call }] });
  if (typeof given !== 'string') return [piece({ ...rest, function: called })];
  const first = piece({ ...rest, function: { ...named, arguments: '' } });
  return [first, ...cut(given).map((text) => piece({ function: { arguments: text } }))];
}

/** The stream of a body of Anthropic's API. */
export function claudeEvents(
  { content, usage, stop_reason, ...message }: any,
  cut: Cut = inTwo,
): string[] {
  const { output_tokens = 0, ...counted } = usage ?? {};
  const begin = {
    ...message,
    content: [],
    stop_reason: null,
    usage: { ...counted, output_tokens: 1 },
  };
  const blocks = content.map((block: any, index: number) => blockEvents(block, index, cut));
  return [
    named({ type: 'message_start', message: begin }),
    named({ type: 'ping' }),
    ...blocks.flat(),
    named({
      type: 'message_delta',
      delta: { stop_reason, stop_sequence: null },
      usage: { output_tokens },
    }),
    named({ type: 'message_stop' }),
  ];
}

const named = (data: JsonObject): string => event(data, String(data.type));

function blockEvents(block: any, index: number, cut: Cut): string[] {
  const [content_block, deltas] = piecesOf(block, cut);
  return [
    named({ type: 'content_block_start', index, content_block }),
    ...deltas.map((delta) => named({ type: 'content_block_delta', index, delta })),
    named({ type: 'content_block_stop', index }),
  ];
}

/** What a block begins with, and the pieces that follow. */
function piecesOf(block: any, cut: Cut): [JsonObject, JsonObject[]] {
  if (block.type === 'text')
    return [{ ...block, text: '' }, cut(block.text).map((text) => ({ type: 'text_delta', text }))];
  if (block.type === 'thinking') {
    const thoughts = cut(block.thinking).map((thinking) => ({ type: 'thinking_delta', thinking }));
    const signed = { type: 'signature_delta', signature: block.signature };
    return [{ ...block, thinking: '', signature: '' }, [...thoughts, signed]];
  }
  if (block.type !== 'tool_use') return [block, []];
  const inputs = cut(JSON.stringify(block.input)).map((partial_json) => ({
    type: 'input_json_delta',
    partial_json,
  }));
  return [{ ...block, input: {} }, inputs];
}
