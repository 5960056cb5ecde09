import type { CommandSpec } from '../client/command-spec.js';

/** The commands of users, roles and API keys. */
export const ACCESS_COMMANDS: CommandSpec[] = [
  {
    usage: 'why [id] [step]',
    id: 'run',
    summary: 'explain who was allowed or refused what in a run, by whom, and what to do',
    description:
      'It covers the run and the runs below it: starts, refused steps, approvals, and tools that a conversation called. Without a run it lists what was refused before there was one.',
    examples: ['mission why last', 'mission why last deploy'],
    online: true,
    load: async () => (await import('../commands/access/why.js')).why,
  },
  {
    usage: 'keys create <user>',
    summary: 'create an API key of a user; it is shown once',
    description:
      'A key may be bounded: by rights, by a time, or to reading. Its rights also bound the steps of the runs that it starts.',
    options: [
      ['--name <text>', 'what the key is for'],
      ['--right <right>', 'only this right, such as read:executions; may be repeated', 'many'],
      ['--expires <time>', 'a time such as 2027-01-31, or 12h, 30d, 4w (default: never)'],
      ['--read-only', 'refuse every write'],
    ],
    examples: ['mission keys create anna', 'mission keys create grafana --read-only --expires 30d'],
    online: true,
    load: async () => (await import('../commands/access/keys.js')).createKey,
  },
  {
    usage: 'keys list',
    summary: 'list API keys, without their values',
    examples: ['mission keys list'],
    online: true,
    load: async () => (await import('../commands/access/keys.js')).listKeys,
  },
  {
    usage: 'keys revoke <id>',
    summary: 'revoke an API key; it is refused within five seconds',
    examples: ['mission keys revoke 85bfe302-5f6e-4478-871f-c4ed4c20f08c'],
    online: true,
    load: async () => (await import('../commands/access/keys.js')).revokeKey,
  },
  {
    usage: 'users list',
    summary: 'list users with their roles',
    examples: ['mission users list'],
    online: true,
    load: async () => (await import('../commands/access/users.js')).listUsers,
  },
  {
    usage: 'users add <name>',
    summary: 'add a user, or give one another role',
    options: [['--role <role>', 'admin, operator, developer, viewer, or a role of your own']],
    examples: ['mission users add anna --role developer'],
    online: true,
    load: async () => (await import('../commands/access/users.js')).addUser,
  },
  {
    usage: 'users disable <name>',
    summary: 'refuse all keys of a user',
    examples: ['mission users disable anna'],
    online: true,
    load: async () => (await import('../commands/access/users.js')).disableUser,
  },
  {
    usage: 'roles list',
    summary: 'list roles with their rights',
    examples: ['mission roles list'],
    online: true,
    load: async () => (await import('../commands/access/users.js')).listRoles,
  },
  {
    usage: 'roles set <name> <right...>',
    summary: 'set the rights of a role of your own',
    examples: ['mission roles set deployer read:executions execute:directives:deploy_*'],
    online: true,
    load: async () => (await import('../commands/access/users.js')).setRole,
  },
];
