import type { CommandSpec } from '../client/command-spec.js';

/** The commands that read what the platform has noticed and done. */
export const OBSERVATION_COMMANDS: CommandSpec[] = [
  {
    usage: 'alerts list',
    summary: 'list what needs the attention of a person, newest first',
    options: [
      ['--all', 'also those that are resolved'],
      ['--limit <n>', 'at most this many, up to 100 (default: 20)'],
    ],
    examples: ['mission alerts list', 'mission alerts list --all'],
    online: true,
    load: async () => (await import('../commands/observation/alerts.js')).listAlerts,
  },
  {
    usage: 'audit list',
    summary: 'list who did what, newest first; the platform itself is system:kernel',
    options: [
      ['--target <target>', 'only this, such as execution:ID or automation:NAME'],
      ['--limit <n>', 'at most this many, up to 100 (default: 20)'],
    ],
    examples: ['mission audit list', 'mission audit list --target automation:nightly_total'],
    online: true,
    load: async () => (await import('../commands/observation/audit.js')).listAudit,
  },
];
