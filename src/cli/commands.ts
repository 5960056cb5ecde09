import { TRIGGERS } from '../contracts/execution.js';
import { LINTS } from '../language/text/codes.js';
import type { CommandSpec, OptionSpec } from './client/command-spec.js';

const INPUT_OPTIONS: OptionSpec[] = [
  ['-i, --input <name=value>', 'one input, read by its declared type; may be repeated', 'many'],
  ['--inputs <json>', 'all inputs as a JSON object, or @FILE that holds it'],
];

/** Options that select runs by their properties. */
const FILTER_OPTIONS: OptionSpec[] = [
  ['--directive <name>', 'runs of one directive'],
  ['--status <status>', 'pending, running, paused, success, error or cancelled'],
  ['--trigger <trigger>', `runs begun by ${TRIGGERS.join(', ')}`],
  ['--actor <name>', 'runs that somebody started'],
  ['--root <id>', 'a run with all runs below it'],
  ['--started-after <time>', 'an ISO-8601 time'],
  ['--started-before <time>', 'an ISO-8601 time'],
];

/** Options of commands that change many runs. */
const BULK_OPTIONS: OptionSpec[] = [
  ...FILTER_OPTIONS,
  ['--limit <n>', 'without an id: at most so many runs (default: all)'],
  ['--yes', 'without an id: do it; otherwise it is only told what would be done'],
];

/** Every command of `mission`, in the order of its help page. */
export const COMMANDS: CommandSpec[] = [
  {
    usage: 'up',
    summary: 'start everything in this terminal, for the project in this folder',
    examples: ['mission up', 'PORT=4100 MISSION_HOME=/tmp/other mission up'],
    load: async () => (await import('./commands/up.js')).up,
  },
  {
    usage: 'init [folder]',
    summary:
      'make a folder a project: a directive, a script, a test and mission.yaml; works offline',
    description: 'Files that are there already are kept. Without a folder it is the current one.',
    examples: ['mission init', 'mission init reports'],
    load: async () => (await import('./commands/init.js')).init,
  },
  {
    usage: 'doctor',
    summary: 'check what this machine has and what is missing',
    examples: ['mission doctor'],
    load: async () => (await import('./commands/doctor.js')).doctor,
  },
  {
    usage: 'validate <file...>',
    summary: 'report every mistake of directive files; works offline',
    description: 'Warnings do not fail a file. A file named - is standard input.',
    examples: ['mission validate .ai/directives/*.yaml', 'mission validate --json report.yaml'],
    load: async () => (await import('./commands/validate.js')).validate,
  },
  {
    usage: 'lint [file-or-folder...]',
    summary: 'validate, and opinions: what is valid and probably not meant; works offline',
    description: [
      'Fails on an error or a warning. A comment switches findings off where they are meant:',
      '"# lint-ignore: code" on the line or alone above it, "# lint-ignore-file: code" for the file.',
      ...Object.entries(LINTS).map(
        ([code, [severity, what]]) => `\n  ${code} (${severity}): ${what}`,
      ),
    ].join(' '),
    examples: ['mission lint', 'mission lint --json .ai/directives/report.yaml'],
    load: async () => (await import('./commands/lint.js')).lint,
  },
  {
    usage: 'test [file-or-folder...]',
    summary: 'run tests of directives, without a server and without effects; works offline',
    description:
      'Tests are files called NAME.test.yaml, in .ai/tests or beside their directive. No script runs and no time passes: a test gives what steps answer.',
    options: [['--filter <text>', 'only tests that have this in their name']],
    examples: ['mission test', 'mission test .ai/tests/report.test.yaml --filter empty'],
    load: async () => (await import('./commands/test.js')).test,
  },
  {
    usage: 'plan [file-or-name]',
    summary: 'show steps, rights and the worst case of a directive; works offline',
    description:
      'Where Mission Control runs, it also tells what the plan means for runs that are under way. With --diff it compares two of FILE, NAME and NAME@VERSION.',
    options: [
      ['--diff <old>', 'what is another in the named one than in this'],
      ['--orphans', 'only what runs that are under way name and is not there any more'],
      [
        '--url <url>',
        'address of the API (else MISSION_URL, else PORT and HOST, else the instance of MISSION_HOME)',
      ],
    ],
    examples: [
      'mission plan .ai/directives/report.yaml',
      'mission plan --diff report@1.0.0 .ai/directives/report.yaml',
    ],
    load: async () => (await import('./commands/plan.js')).plan,
  },
  {
    usage: 'run <name-or-file>',
    summary: 'run a directive and follow it to its end',
    description:
      'Prints steps as they begin and end and, without --json, how far they say that they are. Ctrl-C detaches; the run goes on. A FILE is checked first, and its text is sent with the request.',
    options: [
      ...INPUT_OPTIONS,
      ['--no-wait', 'print the id of the run and leave'],
      ['--idempotency-key <key>', 'the same key starts a run only once'],
      ['--version <version>', 'an earlier version of the directive'],
    ],
    examples: [
      'mission run heal_mcp_connection --input mcp_id=everything',
      'mission run ./report.yaml --inputs @inputs.json --json',
    ],
    online: true,
    load: async () => (await import('./commands/run.js')).run,
  },
  {
    usage: 'executions list',
    summary: 'list runs, newest first',
    options: [
      ...FILTER_OPTIONS,
      ['--shadows', 'shadow runs, which are left out otherwise'],
      ['--limit <n>', 'how many (default 20)'],
    ],
    examples: ['mission executions list --status error --limit 50'],
    online: true,
    load: async () => (await import('./commands/executions/executions-list.js')).listExecutions,
  },
  {
    usage: 'executions show <id>',
    id: 'run',
    summary: 'show one run, or one step of it: inputs, result or error, logs, usage',
    options: [
      ['--step <name>', 'all that is known of one step; a path where two have the same name'],
      ['--iteration <indices>', 'of the loops around the step, outermost first: 3, or 3.0'],
    ],
    examples: [
      'mission executions show last',
      'mission executions show 5013eda0 --step sum_export --iteration 2',
    ],
    online: true,
    load: async () => (await import('./commands/executions/executions-show.js')).showExecution,
  },
  {
    usage: 'executions watch <id>',
    id: 'run',
    summary: 'follow a run to its end; --json prints one line per event',
    examples: ['mission executions watch last'],
    online: true,
    load: async () => (await import('./commands/executions/executions-watch.js')).watchExecution,
  },
  {
    usage: 'executions artifacts <id> [path]',
    id: 'run',
    summary: 'list the files that a run left, or get one of them',
    options: [['--out <file>', 'write the file there instead of to stdout']],
    examples: [
      'mission executions artifacts last',
      'mission executions artifacts last report.pdf --out report.pdf',
    ],
    online: true,
    load: async () => (await import('./commands/executions/executions-artifacts.js')).showArtifacts,
  },
  {
    usage: 'executions cancel [id]',
    id: 'run',
    summary: 'cancel a run, or every run of a filter',
    description:
      'Compensations and "always" still run; a run that does not end in time is ended hard.',
    options: [
      ['--reason <text>', 'why, for the audit trail'],
      ['--grace <seconds>', 'time to end by itself (default a tenth of its limit, at least 300)'],
      ['--force', 'no time at all: what it does is cut off, compensations too'],
      ...BULK_OPTIONS,
    ],
    examples: [
      "mission executions cancel last --reason 'wrong inputs'",
      'mission executions cancel last --force',
      'mission executions cancel --directive nightly_check --status running --yes',
    ],
    online: true,
    load: async () => (await import('./commands/executions/executions-cancel.js')).cancelExecution,
  },
  {
    usage: 'executions rerun [id]',
    id: 'run',
    summary: 'run an ended run again: the whole, or from a step or iteration on',
    description:
      'What had finished before that step is reused. It is a new run; the old one stays as it was. Ctrl-C detaches.',
    options: [
      ['--from <step>', 'begin with this step; what was before it is reused'],
      ['--iteration <indices>', 'of the loops around the step, or of the loop itself: 3, or 3.0'],
      ['--version <version>', 'old (the default), newest, or a version'],
      ...INPUT_OPTIONS,
      ['--no-wait', 'print the id of the run and leave'],
      ...BULK_OPTIONS,
    ],
    examples: [
      'mission executions rerun last',
      'mission executions rerun last --from write_report --version newest',
      'mission executions rerun last --from each_month --iteration 3',
      'mission executions rerun --directive nightly_check --status error --version newest --yes',
    ],
    online: true,
    load: async () => (await import('./commands/executions/executions-rerun.js')).rerunExecution,
  },
  {
    usage: 'executions shadow <id>',
    id: 'run',
    summary: 'show what an ended run would do today, without doing it',
    description:
      'Calls, waits, questions and child runs are answered as they were recorded; the differences are listed.',
    options: [
      ['--version <version>', 'newest (the default), old, a version, or a FILE'],
      ...INPUT_OPTIONS,
      ['--go-on', 'a call without a recorded answer gives null; otherwise the shadow ends there'],
    ],
    examples: [
      'mission executions shadow last',
      'mission executions shadow last --version ./report.yaml --input month=2026-02',
    ],
    online: true,
    load: async () => (await import('./commands/executions/executions-shadow.js')).shadowExecution,
  },
  {
    usage: 'executions pause [id]',
    id: 'run',
    summary: 'let no step of a run begin; what is under way comes to its end',
    options: BULK_OPTIONS,
    examples: ['mission executions pause last'],
    online: true,
    load: async () => (await import('./commands/executions/executions-control.js')).pauseExecution,
  },
  {
    usage: 'executions resume [id]',
    id: 'run',
    summary: 'let a paused run go on',
    options: BULK_OPTIONS,
    examples: ['mission executions resume last'],
    online: true,
    load: async () => (await import('./commands/executions/executions-control.js')).resumeExecution,
  },
  {
    usage: 'executions signal <id> <name>',
    id: 'run',
    summary: 'tell a run something that a wait step waits for, now or later',
    options: [['--payload <json>', 'JSON or text: the result of the wait']],
    examples: [`mission executions signal last delivered --payload '{"boxes": 3}'`],
    online: true,
    load: async () => (await import('./commands/executions/executions-control.js')).signalExecution,
  },
  {
    usage: 'approvals list',
    summary: 'list what runs ask people',
    options: [
      ['--all', 'answered and expired ones, too'],
      ['--execution <id>', 'of one run'],
      ['--limit <n>', 'how many (default 20)'],
    ],
    examples: ['mission approvals list'],
    online: true,
    load: async () => (await import('./commands/approvals.js')).listApprovals,
  },
  {
    usage: 'approvals approve <id>',
    id: 'approval',
    summary: 'answer yes',
    options: [
      ['--comment <text>', 'why, for the run and the audit trail'],
      ['--form <json>', 'the fields of its form as a JSON object, or @FILE that holds it'],
    ],
    examples: [`mission approvals approve last --form '{"window": "tonight"}'`],
    online: true,
    load: async () => (await import('./commands/approvals.js')).approve,
  },
  {
    usage: 'approvals deny <id>',
    id: 'approval',
    summary: 'answer no',
    options: [['--comment <text>', 'why, for the run and the audit trail']],
    examples: [`mission approvals deny last --comment 'not on a Friday'`],
    online: true,
    load: async () => (await import('./commands/approvals.js')).deny,
  },
  {
    usage: 'directives list',
    summary: 'list directives that can be run',
    options: [
      ['--source <source>', 'project, user or system'],
      ['--query <text>', 'words of the name or the description'],
    ],
    examples: ['mission directives list --source project'],
    online: true,
    load: async () => (await import('./commands/directives/directives-list.js')).listDirectives,
  },
  {
    usage: 'directives new <name>',
    summary: 'write a directive, a test and the schemas that editors read; works offline',
    examples: ['mission directives new weekly_report'],
    load: async () => (await import('./commands/directives/directives-new.js')).newDirectiveFile,
  },
  {
    usage: 'directives show <name>',
    summary: 'show a directive: inputs, rights and text',
    options: [['--version <version>', 'an earlier version']],
    examples: ['mission directives show heal_mcp_connection'],
    online: true,
    load: async () => (await import('./commands/directives/directives-show.js')).showDirective,
  },
  {
    usage: 'mcp list',
    summary: 'list MCP servers and their state',
    examples: ['mission mcp list'],
    online: true,
    load: async () => (await import('./commands/mcp/mcp-list.js')).listServers,
  },
  {
    usage: 'mcp tools [server]',
    summary: 'list the tools of the MCP servers',
    examples: ['mission mcp tools everything'],
    online: true,
    load: async () => (await import('./commands/mcp/mcp-tools.js')).listTools,
  },
  {
    usage: 'mcp call <server> <tool>',
    summary: 'call a tool of an MCP server',
    options: [
      ['-a, --arg <name=value>', 'one argument, JSON or text; may be repeated', 'many'],
      ['--args <json>', 'all arguments as a JSON object, or @FILE that holds it'],
    ],
    examples: ['mission mcp call everything echo --arg message=hello'],
    online: true,
    load: async () => (await import('./commands/mcp/mcp-call.js')).callTool,
  },
  {
    usage: 'secrets set <name>',
    summary: 'store a secret, encrypted; the value comes from stdin',
    description: 'Directives name it secret://NAME. A newline at the end is no part of it.',
    options: [['--from-file <file>', 'take the value from a file']],
    examples: [
      `printf %s "$TOKEN" | mission secrets set github_token`,
      'mission secrets set deploy_key --from-file id_ed25519',
    ],
    online: true,
    load: async () => (await import('./commands/secrets.js')).setSecret,
  },
  {
    usage: 'secrets list',
    summary: 'list secrets: names, where they come from, last use; never their values',
    examples: ['mission secrets list'],
    online: true,
    load: async () => (await import('./commands/secrets.js')).listSecrets,
  },
  {
    usage: 'secrets delete <name>',
    summary: 'delete a secret of the store',
    examples: ['mission secrets delete github_token'],
    online: true,
    load: async () => (await import('./commands/secrets.js')).deleteSecret,
  },
  {
    usage: 'secrets rotate',
    summary: 'encrypt every secret of the store with a new key',
    description: 'The old key stays in the key file, for backups of the database.',
    examples: ['mission secrets rotate'],
    online: true,
    load: async () => (await import('./commands/secrets.js')).rotateSecrets,
  },
  {
    usage: 'logs',
    summary: 'show log entries, newest last',
    options: [
      ['-f, --follow', 'go on until Ctrl-C'],
      ['--execution <id>', 'entries of one run'],
      ['--level <level>', 'debug, info, warn or error: entries as grave as that'],
      ['--limit <n>', 'how many (default 100)'],
    ],
    examples: ['mission logs --follow --execution last'],
    online: true,
    load: async () => (await import('./commands/logs.js')).showLogs,
  },
];
