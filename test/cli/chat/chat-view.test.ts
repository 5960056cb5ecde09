import { EventEmitter } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import { expect, test } from '@jest/globals';
import type { ChatEvent } from '../../../src/cli/chat/chat-events.js';
import { ChatView } from '../../../src/cli/chat/chat-view.js';
import { Session } from '../../../src/cli/client/session.js';
import {
  textDelta,
  type ThreadEventData,
  type ThreadEventType,
} from '../../../src/contracts/thread.js';

const event = <Type extends ThreadEventType>(type: Type, data: ThreadEventData[Type]): ChatEvent =>
  ({ type, message_id: 'm', ...data }) as unknown as ChatEvent;
const said = (text: string) => event('content_block_delta', textDelta(text).data);
const stop = event('message_stop', { status: 'done', tokens_used: 1, duration_ms: 2 });

function shown(events: ChatEvent[], json = false) {
  const [out, err] = [new PassThrough(), new PassThrough()];
  const io = { out, err, in: Readable.from([]), signals: new EventEmitter() };
  const view = new ChatView(new Session(io, json, undefined, {}));
  for (const each of events) view.show(each);
  return { text: String(out.read() ?? ''), failed: view.hasFailed };
}

test('text is shown as it comes, tools on lines of their own', () => {
  const call = event('tool_start', { id: '1', name: 'search', input: { query: 'x\ny' } });
  const { text } = shown([said('Let me '), said('see.'), call, said('\n\nThere.'), stop]);
  expect(text).toBe('Let me see.\n→ search {"query":"x\\ny"}\nThere.\n');
});

test('an answer that is begun again is shown again', () => {
  const again = event('attempt_reset', { text: 'Kept.' });
  const { text } = shown([said('Kept.'), said(' lost'), again, said(' New.'), stop]);
  expect(text).toBe('Kept. lost\nthe answer is begun again\nKept. New.\n');
});

test('an error is told and counts; a failed tool shows why', () => {
  const failed = event('tool_result', { id: '1', name: 'a', output: 'gone', is_error: true });
  const error = event('error', { error: 'The model is away.', code: 'model_error' });
  expect(shown([failed, error, stop])).toEqual({
    text: '✗ gone\nerror: The model is away.\n\n',
    failed: true,
  });
  expect(shown([stop]).failed).toBe(false);
});

test('with --json each event is a line', () => {
  const { text } = shown([said('a'), stop], true);
  expect(
    text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).type),
  ).toEqual(['content_block_delta', 'message_stop']);
});
