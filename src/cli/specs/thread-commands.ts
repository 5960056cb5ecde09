import type { CommandSpec } from '../client/command-spec.js';

/** The commands of conversations. */
export const THREAD_COMMANDS: CommandSpec[] = [
  {
    usage: 'chat [message...]',
    summary: 'talk with Mission Control: find directives, run them, ask what happened',
    description:
      'Without a message it reads lines until /quit, Ctrl-C or the end of the input; /help shows the commands. Ctrl-C during an answer stops the answer. The conversation goes on for an hour after its last message.',
    options: [
      ['--thread <id>', 'go on in this conversation'],
      ['--new', 'begin a new conversation'],
      ['--directive <name>', 'the directive that answers (default: intent_handler)'],
    ],
    examples: [
      'mission chat',
      'mission chat "what can I run?"',
      'echo "list directives" | mission chat --json',
    ],
    online: true,
    load: async () => (await import('../commands/chat.js')).chat,
  },
  {
    usage: 'threads list',
    summary: 'list your conversations, newest first',
    options: [['--limit <n>', 'maximum number (default 20, at most 100)']],
    examples: ['mission threads list'],
    online: true,
    load: async () => (await import('../commands/threads.js')).listThreads,
  },
  {
    usage: 'threads show <id>',
    summary: 'show what was said in a conversation',
    examples: ['mission threads show conv_5f0c'],
    online: true,
    load: async () => (await import('../commands/threads.js')).showThread,
  },
  {
    usage: 'threads undo-compaction <id>',
    summary: 'take back what a conversation has condensed of its older messages',
    examples: ['mission threads undo-compaction conv_0d5e3c1a9b7f4e2d8c6a1b3f5e7d9c0b'],
    online: true,
    load: async () => (await import('../commands/threads.js')).undoCompaction,
  },
];
