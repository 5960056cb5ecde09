import type { CommandSpec } from '../client/command-spec.js';

const HASH: [string, string] = [
  '--hash <hash>',
  'decide only if the approval still has this hash, as `approvals show` prints it, or the beginning of it',
];
const COMMENT: [string, string] = [
  '--comment <text>',
  'comment, passed to the run and recorded in the audit trail',
];

/** The commands of approvals. */
export const APPROVAL_COMMANDS: CommandSpec[] = [
  {
    usage: 'approvals list',
    summary: 'list approvals that runs wait for, and requests for help',
    options: [
      ['--all', 'include closed ones'],
      ['--execution <id>', 'only approvals of this run'],
      ['--limit <n>', 'maximum number (default 20)'],
    ],
    examples: ['mission approvals list'],
    online: true,
    load: async () => (await import('../commands/approvals.js')).listApprovals,
  },
  {
    usage: 'approvals show <id>',
    id: 'question',
    summary: 'show what an approval lets run, with its hash, or what help is asked for',
    examples: ['mission approvals show last'],
    online: true,
    load: async () => (await import('../commands/approvals.js')).showApproval,
  },
  {
    usage: 'approvals approve <id>',
    id: 'approval',
    summary: 'approve a request',
    description:
      'The command prints to stderr what it approves, and approves that and nothing else: if the run asks something else by then, it is refused with `conflict`.',
    options: [
      COMMENT,
      ['--form <json>', 'values of the form’s fields as a JSON object, or @FILE with that object'],
      HASH,
    ],
    examples: [`mission approvals approve last --form '{"window": "tonight"}'`],
    online: true,
    load: async () => (await import('../commands/approvals.js')).approve,
  },
  {
    usage: 'approvals deny <id>',
    id: 'approval',
    summary: 'deny a request',
    options: [COMMENT, HASH],
    examples: [`mission approvals deny last --comment 'not on a Friday'`],
    online: true,
    load: async () => (await import('../commands/approvals.js')).deny,
  },
  {
    usage: 'approvals answer <id> <text>',
    id: 'request',
    summary: 'answer a request for help',
    description:
      'Models and clients ask people by the verb `help`, and a run asks whose model goes round in circles. Whoever asked reads the answer.',
    examples: [`mission approvals answer last 'use the copy of last week'`],
    online: true,
    load: async () => (await import('../commands/approvals.js')).answer,
  },
];
