import { expect, test } from '@jest/globals';
import { slashCommand, type ChatState } from '../../../src/cli/chat/slash-commands.js';

function state() {
  const notes: string[] = [];
  const said: string[] = [];
  const asked: unknown[] = [];
  const given = {
    session: { note: (text: string) => void notes.push(text) },
    api: {
      rest: async (method: string, path: string, body?: object) => {
        asked.push([method, path, ...(body ? [body] : [])]);
        return { project_path: method === 'DELETE' ? null : '/work/part' };
      },
    },
    channel: 'a/b',
    chat: {
      show: async () => ({
        thread_id: 't',
        directive: 'talk',
        status: 'running',
        messages_count: 2,
      }),
    },
    reopen: async () => void asked.push('reopen'),
    say: async (text: string) => void said.push(text),
  } as unknown as ChatState;
  return { given, notes, said, asked };
}

test('each command does what it says', async () => {
  const { given, notes, said, asked } = state();
  for (const line of ['/new', '/run deploy service=auth env=a', '/status', '/link part', '/unlink'])
    expect(await slashCommand(given, line)).toBe(true);
  expect(said).toEqual(['run deploy with service=auth env=a']);
  expect(asked).toEqual([
    'reopen',
    ['GET', '/channels/a%2Fb'],
    ['PUT', '/channels/a%2Fb', { project_path: 'part' }],
    ['DELETE', '/channels/a%2Fb'],
  ]);
  expect(notes).toEqual([
    'A new conversation.',
    'thread t: talk, running, 2 messages',
    'channel a/b: linked to /work/part',
    'channel a/b: linked to /work/part',
    'channel a/b: linked to no project',
  ]);
});

test('what is missing or unknown is told, and quit ends the chat', async () => {
  const { given, notes, asked } = state();
  for (const line of ['/run', '/link', '/constructor', '/'])
    expect(await slashCommand(given, line)).toBe(true);
  expect(asked).toEqual([]);
  expect(notes).toEqual([
    'Which one? /run NAME [input=value …]',
    'Which folder? /link PATH',
    'There is no command /constructor; see /help.',
    'There is no command /; see /help.',
  ]);
  for (const line of ['/quit', '/exit', '/q']) expect(await slashCommand(given, line)).toBe(false);
});
