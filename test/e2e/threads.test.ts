import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Instance, until } from '../support/instance.js';
import { ModelServer, type Asked } from '../support/model-server.js';
import { ThreadClient } from '../support/thread-client.js';

const TALK = `
name: talk
version: 1.0.0
description: Talks with people
inputs: { request: { type: string, required: true } }
permissions: ['execute:models:small']
steps:
  - name: ask
    llm: { prompt: '{{ inputs.request }}', tools: [mark], max_turns: 5 }
`;
const MARK = 'export default async ({ inputs }) => ({ marked: inputs.word ?? null });';
const CONFIG = (url: string) => `
models:
  small: { provider: openai-compatible, model: small-1, base_url: ${url}, api_key: none-needed-here }
`;

let model: ModelServer;
let instance: Instance;
let threads: ThreadClient;

beforeAll(async () => {
  model = await ModelServer.start();
  instance = await Instance.create({
    'mission.yaml': CONFIG(model.url),
    '.ai/directives/talk.yaml': TALK,
    '.ai/scripts/mark.js': MARK,
  });
  await instance.up();
  threads = new ThreadClient(instance);
}, 120_000);
afterAll(async () => {
  await instance.remove();
  await model.stop();
});

const textsOf = ({ body }: Asked): string[] =>
  body.messages.map(({ role, content }: any) => `${role}: ${content}`);

it('a conversation remembers what was said, and its tools', async () => {
  model.says(
    { calls: [{ tool: 'mark', arguments: { word: 'red' } }] },
    { text: 'Marked red.' },
    { text: 'It was red.' },
  );
  const id = await threads.open({ directive: 'talk' });
  const first = await threads.say(id, 'Mark red.');
  expect(first).toMatchObject({ success: true, response: 'Marked red.', error: null });
  expect(first.metadata.tokens_used).toBe(30);
  const second = await threads.say(id, 'Which colour?');
  expect(second.response).toBe('It was red.');
  expect(textsOf(model.asked[2]!).filter((text) => !text.startsWith('tool'))).toEqual([
    'user: Mark red.',
    expect.stringContaining('assistant:'),
    'assistant: Marked red.',
    'user: Which colour?',
  ]);
}, 60_000);

it('a stream tells what happens, ends once, and can be resumed from any event', async () => {
  model.says(
    { text: 'Let me see.', calls: [{ tool: 'mark', arguments: { word: 'blue' } }] },
    { text: 'Done.' },
  );
  const id = await threads.open({ directive: 'talk' });
  const events = await threads.stream(id, 'Mark blue.');
  const types = events.map(({ data }) => data.type as string);
  // On a busy machine a short text may come in more pieces than one.
  expect(types.filter((type, at) => type !== types[at - 1])).toEqual([
    'message_start',
    'turn_start',
    'content_block_delta',
    'tool_start',
    'tool_result',
    'turn_start',
    'content_block_delta',
    'message_stop',
  ]);
  const text = events.map(({ data }) => data.delta?.text ?? '').join('');
  expect(text).toBe('Let me see.\n\nDone.');
  const dataOf = (type: string) => events.find(({ data }) => data.type === type)!.data;
  const [start, result] = [dataOf('tool_start'), dataOf('tool_result')];
  expect(start).toMatchObject({ name: 'mark', input: { word: 'blue' } });
  expect(result).toMatchObject({ name: 'mark', output: { marked: 'blue' }, is_error: false });
  for (const at of [0, 3, 6]) {
    const rest = await threads.resume(id, events[at]!.id, events.length - 1 - at);
    expect(rest).toEqual(events.slice(at + 1));
  }
  const shown = await threads.show(id);
  expect(shown.messages.map(({ role, content }: any) => [role, content])).toEqual([
    ['user', 'Mark blue.'],
    ['assistant', text],
  ]);
}, 60_000);

it('a message that is sent again is the same message', async () => {
  model.says(() => ({ text: 'Once.' }));
  const id = await threads.open({ directive: 'talk' });
  const same = { message: 'Say it.', client_id: 'mine-1' };
  const answers = await Promise.all([1, 2, 3].map(() => threads.post(id, same)));
  expect(new Set(answers.map(({ body }) => body.data.message_id)).size).toBe(1);
  expect(model.asked).toHaveLength(1);
  const other = await threads.post(id, { message: 'Something else.', client_id: 'mine-1' });
  expect(other).toMatchObject({ status: 409, body: { error: { code: 'conflict' } } });
}, 60_000);

it('messages at the same time are answered in order, each once', async () => {
  model.says(({ body }) => ({ text: `Heard ${body.messages.at(-1).content}` }));
  const id = await threads.open({ directive: 'talk' });
  const count = 40;
  const said = await Promise.all(
    Array.from({ length: count }, (_, index) => threads.say(id, `number ${index}`)),
  );
  expect(said.map(({ response }) => response)).toEqual(
    Array.from({ length: count }, (_, index) => `Heard number ${index}`),
  );
  const { messages } = await threads.show(id);
  const answers = messages.filter(({ role }: any) => role === 'assistant');
  const asked = messages.filter(({ role }: any) => role === 'user');
  for (const answer of answers) {
    const question = asked.find(({ message_id }: any) => message_id === answer.reply_to);
    if (question) expect(answer.content).toBe(`Heard ${question.content}`);
  }
  // The same model is asked to condense the older messages, beside the conversation.
  const order = model.asked
    .map(({ body }) => body.messages.at(-1).content as string)
    .filter((content) => content.startsWith('number '));
  expect(order).toHaveLength(count);
  expect(new Set(order).size).toBe(count);
}, 120_000);

it('a worker that dies in a turn costs the turn, and no more', async () => {
  let first = true;
  model.says(({ body }, index) => {
    if (index === 0) return { calls: [{ tool: 'mark', arguments: { word: 'once' } }] };
    const hangs = first;
    first = false;
    return hangs ? { hangs } : { text: `Tools answered ${body.messages.length}` };
  });
  const id = await threads.open({ directive: 'talk' });
  const answer = threads.stream(id, 'Mark it.');
  await until('the second turn was asked', () => model.asked.length === 2);
  process.kill(instance.pid('worker'), 'SIGKILL');
  const events = await answer;
  expect(events.filter(({ data }) => data.type === 'tool_start')).toHaveLength(1);
  expect(events.filter(({ data }) => data.type === 'message_stop')).toHaveLength(1);
  const { messages } = await threads.show(id);
  expect(messages.at(-1)).toMatchObject({ status: 'done', content: 'Tools answered 3' });
}, 120_000);

it('an answer can be stopped, and the thread goes on', async () => {
  model.says({ hangs: true }, { text: 'Here again.' });
  const id = await threads.open({ directive: 'talk' });
  const answer = threads.say(id, 'Think long.');
  await until('the model was asked', () => model.asked.length === 1);
  expect(await threads.cancel(id)).toMatchObject({ cancelled: 1 });
  expect(await answer).toMatchObject({ success: false, data: { status: 'cancelled' } });
  expect((await threads.say(id, 'Still there?')).response).toBe('Here again.');
}, 60_000);

it('bad requests are refused with what to do', async () => {
  const id = await threads.open({ directive: 'talk' });
  const refused = async (path: string, body: unknown) => {
    const answer = await threads.request('POST', path, body);
    return [answer.status, answer.body.error.code, answer.body.error.message];
  };
  expect(await refused(`/threads/${id}/message`, { message: ' ' })).toEqual([
    400,
    'input_invalid',
    '"message" must be a text that is not empty.',
  ]);
  expect((await refused('/threads/conv_0/message', { message: 'x' })).slice(0, 2)).toEqual([
    404,
    'not_found',
  ]);
  expect(await refused('/threads', { mode: 'scoped' })).toEqual([
    400,
    'input_invalid',
    'A scoped thread needs a channel.',
  ]);
  expect((await refused('/threads', { mode: 'scoped', channel: 'c1' }))[2]).toContain('/link PATH');
  expect((await refused('/threads', { directive: 'tolk' }))[1]).toBe('not_found');
  expect((await refused('/threads', { project_path: '../..' }))[1]).toBe('input_invalid');
}, 60_000);
