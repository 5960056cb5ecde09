import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Instance, ROOT, until } from '../support/instance.js';
import { ModelServer } from '../support/model-server.js';

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
const CONFIG = (url: string) => `
models:
  small: { provider: openai-compatible, model: small-1, base_url: ${url}, api_key: none-needed-here }
`;

let model: ModelServer;
let instance: Instance;

beforeAll(async () => {
  model = await ModelServer.start();
  instance = await Instance.create({
    'mission.yaml': CONFIG(model.url),
    '.ai/directives/talk.yaml': TALK,
    '.ai/scripts/mark.js': 'export default async ({ inputs }) => ({ marked: inputs.word });',
  });
  await instance.up();
}, 120_000);
afterAll(async () => {
  await instance.remove();
  await model.stop();
});

/** `mission chat` with lines typed into it. */
function chat(...args: string[]) {
  const child = spawn(
    process.execPath,
    [join(ROOT, 'dist/cli/main.js'), 'chat', '--directive', 'talk', ...args],
    { env: instance.variables, cwd: instance.project },
  );
  const seen = { out: '', err: '' };
  child.stdout.on('data', (chunk) => (seen.out += chunk));
  child.stderr.on('data', (chunk) => (seen.err += chunk));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { child, seen, ended, type: (line: string) => child.stdin.write(`${line}\n`) };
}

it('answers line by line, with the tools that are called', async () => {
  model.says(
    { text: 'Marking.', calls: [{ tool: 'mark', arguments: { word: 'red' } }] },
    { text: 'Marked.' },
    { text: 'Red.' },
  );
  const { child, seen, ended } = chat('--new');
  child.stdin.end('Mark red.\nWhich colour?\n/status\n/nothing\n/quit\n');
  expect(await ended).toBe(0);
  expect(seen.out).toBe('Marking.\n→ mark {"word":"red"}\nMarked.\nRed.\n');
  expect(seen.err).toMatch(/^Talk to talk; \/help shows the commands\. \(thread conv_/);
  expect(seen.err).toContain('talk, running, 4 messages');
  expect(seen.err).toContain('There is no command /nothing; see /help.');
}, 60_000);

it('one message is answered, as lines of JSON for programs', async () => {
  model.says({ text: 'Yes.' });
  const said = await instance.mission(
    'chat',
    '--new',
    '--directive',
    'talk',
    '--json',
    'Are',
    'you?',
  );
  const events = said.out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const types = events.map(({ type }) => type as string);
  // On a busy machine a short answer may come in two pieces.
  expect(types.filter((type, at) => type !== types[at - 1])).toEqual([
    'message_start',
    'turn_start',
    'content_block_delta',
    'message_stop',
  ]);
  expect(said.exit).toBe(0);
}, 60_000);

it('the conversation goes on, and a failure is told and counts', async () => {
  model.says({ text: 'One.' });
  await instance.mission('chat', '--directive', 'talk', 'First.');
  model.says({ status: 400 });
  const { exit, out, err } = await instance.mission('chat', '--directive', 'talk', 'Second.');
  expect(err).toContain('The conversation goes on; /new begins another one.');
  expect(err).toContain('> First.');
  expect(out).toContain('error: ');
  expect(exit).toBe(1);
}, 60_000);

it('Ctrl-C stops the answer, and the chat goes on', async () => {
  model.says({ hangs: true }, { text: 'Here.' });
  const { child, seen, ended, type } = chat('--new');
  type('Think.');
  await until('the model was asked', () => model.asked.length === 1);
  child.kill('SIGINT');
  await until('it is stopped', () => seen.err.includes('stopping'));
  type('Still there?');
  await until('it answers', () => seen.out.includes('Here.'));
  child.stdin.end();
  expect(await ended).toBe(0);
}, 60_000);

it('an API that dies costs no word, and none is told twice', async () => {
  model.says(
    { text: 'Before.', calls: [{ tool: 'mark', arguments: {} }] },
    { hangs: true },
    { text: 'After.' },
  );
  const { child, seen, ended, type } = chat('--new');
  type('Go.');
  await until('the second turn is asked', () => model.asked.length === 2);
  await instance.kill('api');
  await until('it notices', () => seen.err.includes('the connection is lost'));
  process.kill(instance.pid('worker'), 'SIGKILL');
  await until('it answers', () => seen.out.includes('After.'), 60_000);
  child.stdin.end();
  await ended;
  expect(seen.out.match(/Before\./g)).toHaveLength(1);
  expect(seen.out.match(/After\./g)).toHaveLength(1);
}, 120_000);

it('threads are listed and shown', async () => {
  const { out } = await instance.mission('threads', 'list', '--json');
  const threads = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(threads.length).toBeGreaterThan(2);
  const shown = await instance.mission('threads', 'show', threads.at(-1).thread_id);
  expect(shown.out).toContain('> Mark red.');
}, 60_000);
