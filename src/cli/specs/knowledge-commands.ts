import type { CommandSpec } from '../client/command-spec.js';

/** The commands that find things, and those of knowledge. */
export const KNOWLEDGE_COMMANDS: CommandSpec[] = [
  {
    usage: 'search <query...>',
    summary: 'find directives, tools and knowledge by words, and by meaning where there is a model',
    description:
      'The best results come first, with a score from 0 to 1. `mission doctor` says whether search is by meaning.',
    options: [
      ['--type <type>', 'only this type: directive, tool, knowledge, thread, execution or system'],
      ['--limit <n>', 'maximum number (default 10, at most 100)'],
    ],
    examples: [
      'mission search resize pictures',
      'mission search "how do we scale" --type knowledge',
    ],
    online: true,
    load: async () => (await import('../commands/search.js')).search,
  },
  {
    usage: 'knowledge list',
    summary: 'list the notes of the project, of the user, and of Mission Control itself',
    options: [
      ['--query <words>', 'only notes that these words find, best first'],
      ['--source <source>', 'only notes from here: project, user or system'],
      ['--limit <n>', 'maximum number (default 100, at most 100)'],
    ],
    examples: ['mission knowledge list', 'mission knowledge list --query scaling'],
    online: true,
    load: async () => (await import('../commands/knowledge/list-show.js')).listKnowledge,
  },
  {
    usage: 'knowledge show <id>',
    summary: 'show a note',
    examples: ['mission knowledge show scaling'],
    online: true,
    load: async () => (await import('../commands/knowledge/list-show.js')).showKnowledge,
  },
  {
    usage: 'knowledge export <folder>',
    summary: 'write notes of the database as Markdown files with front matter',
    options: [
      ['--source <source>', 'notes from here: project, user or system (default: system)'],
      ['--replace', 'overwrite files that are there already'],
    ],
    examples: ['mission knowledge export notes', 'mission knowledge export .ai/knowledge'],
    online: true,
    load: async () => (await import('../commands/knowledge/export-import.js')).exportKnowledge,
  },
  {
    usage: 'knowledge import <files...>',
    summary: 'store Markdown files as notes in the database',
    description:
      'Front matter may have id, title, category, confidence and source; without an id the name of the file is the id.',
    options: [['--replace', 'update notes that are there already']],
    examples: [
      'mission knowledge import notes/*.md',
      'mission knowledge import notes/scaling.md --replace',
    ],
    online: true,
    load: async () => (await import('../commands/knowledge/export-import.js')).importKnowledge,
  },
];
