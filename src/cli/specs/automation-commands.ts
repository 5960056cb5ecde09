import {
  OCCURRENCE_STATUSES,
  OVERLAP_POLICIES,
  PAUSE_RULES,
} from '../../contracts/run/automation.js';
import type { CommandSpec, OptionSpec } from '../client/command-spec.js';

const SCHEDULE_OPTIONS: OptionSpec[] = [
  ['--schedule <cron>', 'a cron expression, such as "30 2 * * MON-FRI"'],
  ['--timezone <zone>', 'the time zone of the schedule, such as Europe/Berlin (default: UTC)'],
  ['--days <rule>', 'with day of month and day of week: both or either'],
  ['--gap <rule>', 'a time that clocks skip: end (of the gap, the default) or skip'],
  ['--fold <rule>', 'a time that clocks show twice: first (the default) or both'],
  ['--except <calendar...>', 'calendars on whose days it does not run'],
];

const DEFINITION_OPTIONS: OptionSpec[] = [
  ['--directive <name>', 'the directive that it runs'],
  ...SCHEDULE_OPTIONS,
  ['--alert <kind>', 'run on alerts of this kind; * stands for anything'],
  ['--severity <severity>', 'with --alert: info, warning or critical'],
  ['--target <subject>', 'with --alert: what the alert is about, such as "mcp:*"'],
  ['--event <name>', 'run on events of this name'],
  ['--match <json>', 'with --event: what its data must contain'],
  [
    '-i, --input <name=value>',
    'one input of the run; {{ trigger.… }} reads the trigger; may be repeated',
    'many',
  ],
  ['--inputs <json>', 'all inputs as a JSON object, or @FILE with that object'],
  ['--overlap <policy>', `while an earlier run is open: ${OVERLAP_POLICIES.join(', ')}`],
  ['--catch-up-seconds <n>', 'what is noticed later than this is missed'],
  ['--jitter-seconds <n>', 'begin up to this much later'],
  ['--while-paused <rule>', `what comes due during a pause: ${PAUSE_RULES.join(' or ')}`],
  ['--success-within <time>', 'raise an alert after this time without a success, such as 26h'],
  ['--description <text>', 'what it is for'],
  ['--file <file>', 'the definition as YAML or JSON; options override it'],
];

const load = async (name: keyof typeof import('../commands/automations/automations.js')) =>
  (await import('../commands/automations/automations.js'))[name];

/** The commands of automations. */
export const AUTOMATION_COMMANDS: CommandSpec[] = [
  {
    usage: 'automations list',
    summary: 'list what starts runs by itself',
    examples: ['mission automations list'],
    online: true,
    load: () => load('listAutomations'),
  },
  {
    usage: 'automations show <name>',
    summary: 'show an automation: its next times and its last occurrences',
    examples: ['mission automations show nightly_report'],
    online: true,
    load: () => load('showAutomation'),
  },
  {
    usage: 'automations create [name]',
    summary: 'run a directive on a schedule, on alerts or on events',
    options: DEFINITION_OPTIONS,
    examples: [
      "mission automations create nightly_report --directive month_total --schedule '30 2 * * *' --timezone Europe/Berlin",
      "mission automations create look_at_mcp --directive heal_mcp_connection --alert 'mcp_*' --input 'mcp_id={{ trigger.alert.data.server }}'",
    ],
    online: true,
    load: () => load('createAutomation'),
  },
  {
    usage: 'automations update <name>',
    summary: 'change an automation that was made by a command',
    options: DEFINITION_OPTIONS,
    examples: ["mission automations update nightly_report --schedule '0 3 * * *'"],
    online: true,
    load: () => load('updateAutomation'),
  },
  {
    usage: 'automations delete <name>',
    summary: 'delete an automation; its runs and occurrences stay',
    examples: ['mission automations delete nightly_report'],
    online: true,
    load: () => load('deleteAutomation'),
  },
  {
    usage: 'automations pause <name>',
    summary: 'let an automation start nothing until it is resumed',
    options: [['--note <text>', 'why; everybody sees it']],
    examples: ["mission automations pause nightly_report --note 'the shop moves'"],
    online: true,
    load: () => load('pauseAutomation'),
  },
  {
    usage: 'automations resume <name>',
    summary: 'let a paused automation go on',
    examples: ['mission automations resume nightly_report'],
    online: true,
    load: () => load('resumeAutomation'),
  },
  {
    usage: 'automations run <name>',
    summary: 'run an automation once, now, as its overlap policy allows',
    examples: ['mission automations run nightly_report'],
    online: true,
    load: () => load('runAutomation'),
  },
  {
    usage: 'automations occurrences <name>',
    summary: 'list what became of each time at which it was due',
    options: [
      ['--limit <n>', 'at most this many, up to 100 (default: 20)'],
      ['--status <status>', `only these: ${OCCURRENCE_STATUSES.join(', ')}`],
    ],
    examples: ['mission automations occurrences nightly_report --status missed'],
    online: true,
    load: () => load('listOccurrences'),
  },
  {
    usage: 'automations preview [name]',
    summary: 'show the next times of an automation, or of a schedule that is not saved',
    options: [...SCHEDULE_OPTIONS, ['--count <n>', 'how many (default: 10)']],
    examples: [
      'mission automations preview nightly_report',
      "mission automations preview --schedule '30 2 * * *' --timezone Europe/Berlin --count 3",
    ],
    online: true,
    load: () => load('previewAutomation'),
  },
  {
    usage: 'automations backfill <name>',
    summary: 'run what was due in a span of time and did not run, one after the other',
    options: [
      ['--from <time>', 'the first time, such as 2026-12-01T00:00Z'],
      ['--to <time>', 'the last time'],
      ['--overlap <policy>', 'allow_all runs them at the same time'],
    ],
    examples: ['mission automations backfill nightly_report --from 2026-11-01 --to 2026-11-30'],
    online: true,
    load: () => load('backfillAutomation'),
  },
  {
    usage: 'automations stop-all',
    summary: 'stop all automation, also over restarts',
    options: [['--reason <text>', 'why; everybody sees it']],
    examples: ["mission automations stop-all --reason 'the disk is full'"],
    online: true,
    load: () => load('stopAutomations'),
  },
  {
    usage: 'automations start-all',
    summary: 'let automation go on after stop-all',
    examples: ['mission automations start-all'],
    online: true,
    load: () => load('startAutomations'),
  },
];
