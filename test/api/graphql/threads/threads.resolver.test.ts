import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { textDelta } from '../../../../src/contracts/thread.js';
import { ThreadEventWriter } from '../../../../src/threads/events/event-writer.js';
import { TALK } from '../../../threads/project.js';
import { insertMessage, insertThread } from '../../../threads/support.js';
import { type TestApi, withApi } from '../../support.js';

let api: TestApi;
withApi((opened) => void (api = opened));
beforeAll(() => {
  mkdirSync(join(api.project, '.ai/directives'), { recursive: true });
  writeFileSync(join(api.project, '.ai/directives/talk.yaml'), TALK);
});

const open = async () => {
  const { data, errors } = await api.graphql(
    'mutation { openThread(directive: "talk") { id directiveName status onBusy lastEvent } }',
  );
  expect(errors).toBeUndefined();
  return data.openThread;
};

test('a thread is opened, spoken to, paused, resumed and cancelled', async () => {
  const thread = await open();
  expect(thread).toMatchObject({
    directiveName: 'talk',
    status: 'CREATED',
    onBusy: 'enqueue',
    lastEvent: 0,
  });
  const { id } = thread;
  const send = (clientId: string) =>
    api.graphql(
      `mutation { sendMessage(threadId: "${id}", message: "Hello.", clientId: "${clientId}") }`,
    );
  const [one, same] = [await send('a'), await send('a')];
  expect(one.data.sendMessage).toBe(same.data.sendMessage);
  const { data } = await api.graphql(
    `{ thread(id: "${id}") { status messages { sequence role content status speaker } } }`,
  );
  expect(data.thread).toEqual({
    status: 'RUNNING',
    messages: [
      { sequence: 1, role: 'user', content: 'Hello.', status: 'queued', speaker: 'operator' },
    ],
  });
  const pause = await api.graphql(`mutation { pauseThread(id: "${id}") { status } }`);
  expect(pause.data.pauseThread.status).toBe('PAUSED');
  await api.graphql(`mutation { resumeThread(id: "${id}") { status } }`);
  const cancel = await api.graphql(`mutation { cancelThread(id: "${id}", close: true) }`);
  expect(cancel.data.cancelThread).toBe(1);
  const { data: listed } = await api.graphql('{ threads { id status } }');
  expect(listed.threads).toContainEqual({ id, status: 'CANCELLED' });
});

test('a thread is forked', async () => {
  const id = await insertThread(api.dataSource, { owner: 'operator', participants: '{operator}' });
  await insertMessage(api.dataSource, id, { status: 'done' });
  const { data } = await api.graphql(
    `mutation { forkThread(id: "${id}", sequence: 1) { forkedFrom messages { content } } }`,
  );
  expect(data.forkThread).toEqual({ forkedFrom: id, messages: [{ content: 'Hello.' }] });
});

test('a thread of somebody else is not found, by any field', async () => {
  const id = await insertThread(api.dataSource);
  for (const field of [
    `query { thread(id: "${id}") { id } }`,
    `mutation { sendMessage(threadId: "${id}", message: "x") }`,
    `mutation { cancelThread(id: "${id}") }`,
    `mutation { pauseThread(id: "${id}") { id } }`,
    `mutation { forkThread(id: "${id}", sequence: 1) { id } }`,
  ]) {
    const { errors } = await api.graphql(field);
    expect([field, errors![0].extensions.code]).toEqual([field, 'not_found']);
  }
});

test('a subscription has the events from a sequence on', async () => {
  const id = await insertThread(api.dataSource, { owner: 'operator', participants: '{operator}' });
  const message = await insertMessage(api.dataSource, id);
  const writer = new ThreadEventWriter(api.dataSource);
  const put = (text: string) =>
    writer.append({ thread_id: id, message_id: message.id, ...textDelta(text) });
  await put('a');
  const events = api.subscribe(
    `subscription { threadEvent(threadId: "${id}", after: 0) { sequence messageId type data } }`,
  );
  const first = await events.next();
  expect(first.value.data.threadEvent).toEqual({
    sequence: 1,
    messageId: message.id,
    type: 'content_block_delta',
    data: textDelta('a').data,
  });
  await put('b');
  expect((await events.next()).value.data.threadEvent.sequence).toBe(2);
  await events.return!();
});
