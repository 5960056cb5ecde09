import { expect, test } from '@jest/globals';
import type { Said } from '../../src/contracts/model.js';
import { exchangesOf } from '../../src/intent/exchanges.js';

const call = (tool: string, args = {}) => ({ id: 'c', tool, arguments: args });
const answer = (text: string, failed = false) => ({ id: 'c', tool: 't', text, failed });

test('a conversation is messages with their calls and answers', () => {
  const said: Said[] = [
    { role: 'user', text: 'one' },
    { role: 'assistant', text: '', calls: [call('search', { query: 'x' }), call('help')] },
    {
      role: 'tools',
      answers: [answer('{"total":1}'), answer('error: {"code":"gone","message":"m"}', true)],
    },
    { role: 'assistant', text: 'done', calls: [] },
    { role: 'user', text: 'two' },
  ];
  expect(exchangesOf(said)).toEqual([
    {
      message: 'one',
      text: 'done',
      calls: [
        { tool: 'search', args: { query: 'x' }, answer: { ok: true, value: { total: 1 } } },
        { tool: 'help', args: {}, answer: { ok: false, code: 'gone', message: 'm' } },
      ],
    },
    { message: 'two', text: '', calls: [] },
  ]);
});

test('answers that are no JSON are texts', () => {
  const said: Said[] = [
    { role: 'user', text: 'one' },
    { role: 'assistant', text: '', calls: [call('load'), call('load')] },
    { role: 'tools', answers: [answer('plain'), answer('error: broken', true)] },
  ];
  expect(exchangesOf(said)[0]!.calls.map((each) => each.answer)).toEqual([
    { ok: true, value: { text: 'plain' } },
    { ok: false, code: 'internal', message: 'error: broken' },
  ]);
});
