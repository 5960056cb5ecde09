import { describe, expect, test } from '@jest/globals';
import { readChatRequest } from '../../../src/api/openai/conversation.js';

const user = (content: unknown) => ({ role: 'user', content });
const read = (body: object, headers: Record<string, string> = {}) =>
  readChatRequest({ model: 'mc-intent', ...body } as never, (name) => headers[name]);

test('only the last message of the user is new', () => {
  const messages = [
    { role: 'system', content: 'Be kind.' },
    user('one'),
    { role: 'assistant', content: 'first' },
    user([{ type: 'text', text: 'two' }, { type: 'image_url' }]),
  ];
  expect(read({ messages })).toMatchObject({
    message: 'two',
    history: [
      { role: 'user', text: 'one' },
      { role: 'assistant', text: 'first' },
    ],
    stream: false,
  });
});

test('a conversation is told by a header, else by its first message and its user', () => {
  const channel = (body: object, headers = {}) => read(body, headers).channel;
  const messages = [user('one')];
  const later = [user('one'), { role: 'assistant', content: 'x' }, user('two')];
  expect(channel({ messages })).toBe(channel({ messages: later }));
  expect(channel({ messages })).not.toBe(channel({ messages, user: 'ben' }));
  expect(channel({ messages })).not.toBe(channel({ messages: [user('other')] }));
  expect(channel({ messages }, { 'x-openwebui-chat-id': 'abc' })).toBe('openai:abc');
  expect(channel({ messages }, { 'x-openwebui-chat-id': 'a b' })).toBe(channel({ messages }));
});

test('a repetition has the same id, the next message another one', () => {
  const one = read({ messages: [user('a')] }).clientId;
  expect(read({ messages: [user('a')] }).clientId).toBe(one);
  expect(
    read({ messages: [user('a'), { role: 'assistant', content: 'b' }, user('a')] }).clientId,
  ).not.toBe(one);
});

test('what has no effect is told, and unknown parameters are no fault', () => {
  const messages = [user('a')];
  expect(read({ messages, tools: [], temperature: 1, odd: 5 }).ignored).toEqual(['tools']);
  expect(read({ messages, stream: true, stream_options: { include_usage: true } })).toMatchObject({
    stream: true,
    includeUsage: true,
  });
});

describe('refused is', () => {
  test.each<[string, object]>([
    ['no message', { messages: [] }],
    ['a message of nobody', { messages: [{ content: 'x' }] }],
    ['only a system message', { messages: [{ role: 'system', content: 'x' }] }],
    ['an empty message', { messages: [user(' ')] }],
    ['no model', { model: 5, messages: [user('x')] }],
  ])('%s', (_, body) => {
    expect(() => read(body)).toThrow(expect.objectContaining({ code: 'input_invalid' }));
  });
});
