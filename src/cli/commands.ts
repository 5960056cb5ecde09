import { TRIGGERS } from '../contracts/execution.js';
import { LINTS } from '../language/text/codes.js';
import { ACCESS_COMMANDS } from './specs/access-commands.js';
import { AUTOMATION_COMMANDS } from './specs/automation-commands.js';
import { APPROVAL_COMMANDS } from './specs/approval-commands.js';
import { KNOWLEDGE_COMMANDS } from './specs/knowledge-commands.js';
import { OBSERVATION_COMMANDS } from './specs/observation-commands.js';
import { THREAD_COMMANDS } from './specs/thread-commands.js';
import type { CommandSpec, OptionSpec } from './client/command-spec.js';

const INPUT_OPTIONS: OptionSpec[] = [
  [
    '-i, --input <name=value>',
    'one input, converted to its declared type; may be repeated',
    'many',
  ],
  ['--inputs <json>', 'all inputs as a JSON object, or @FILE with that object'],
];

/** Options that select runs by their properties. */
const FILTER_OPTIONS: OptionSpec[] = [
  ['--directive <name>', 'only runs of this directive'],
  [
    '--status <status>',
    'only runs with this status: pending, running, paused, success, error or cancelled',
  ],
  ['--trigger <trigger>', `only runs started by this trigger: ${TRIGGERS.join(', ')}`],
  ['--actor <name>', 'only runs that this actor started'],
  ['--root <id>', 'only this run and its child runs, at every level'],
  ['--started-after <time>', 'only runs that started after this ISO-8601 time'],
  ['--started-before <time>', 'only runs that started before this ISO-8601 time'],
];

/** Options of commands that change many runs. */
const BULK_OPTIONS: OptionSpec[] = [
  ...FILTER_OPTIONS,
  ['--limit <n>', 'with a filter: maximum number of runs (default: all)'],
  ['--yes', 'with a filter: carry it out; without --yes the affected runs are only listed'],
];

/** Every command of `mission`, in the order of its help page. */
export const COMMANDS: CommandSpec[] = [
  {
    usage: 'up',
    summary: 'start Mission Control in this terminal, for the project in this folder',
    examples: ['mission up', 'PORT=4100 MISSION_HOME=/tmp/other mission up'],
    load: async () => (await import('./commands/up.js')).up,
  },
  {
    usage: 'init [folder]',
    summary:
      'create a project in a folder: a directive, a script, a test and mission.yaml; works offline',
    description: 'Existing files are kept. The default is the current folder.',
    examples: ['mission init', 'mission init reports'],
    load: async () => (await import('./commands/init.js')).init,
  },
  {
    usage: 'doctor',
    summary: 'check whether this machine has everything that Mission Control needs',
    examples: ['mission doctor'],
    load: async () => (await import('./commands/doctor.js')).doctor,
  },
  {
    usage: 'validate <file...>',
    summary: 'report all errors in directive files; works offline',
    description: 'Warnings do not make a file invalid. The file name - means standard input.',
    examples: ['mission validate .ai/directives/*.yaml', 'mission validate --json report.yaml'],
    load: async () => (await import('./commands/validate.js')).validate,
  },
  {
    usage: 'lint [file-or-folder...]',
    summary: 'validate, and also report what is valid but probably a mistake; works offline',
    description: [
      'Fails if there is an error or a warning. A comment suppresses a finding:',
      '"# lint-ignore: code" on the same line or alone on the line above, "# lint-ignore-file: code" for the whole file.',
      ...Object.entries(LINTS).map(
        ([code, [severity, what]]) => `\n  ${code} (${severity}): ${what}`,
      ),
    ].join(' '),
    examples: ['mission lint', 'mission lint --json .ai/directives/report.yaml'],
    load: async () => (await import('./commands/lint.js')).lint,
  },
  {
    usage: 'test [file-or-folder...]',
    summary:
      'run tests of directives, without a server and without external effects; works offline',
    description:
      'Tests are files named NAME.test.yaml, in .ai/tests or next to their directive. No script runs and no wait takes real time: the test supplies the results of the steps.',
    options: [['--filter <text>', 'only tests whose name contains this text']],
    examples: ['mission test', 'mission test .ai/tests/report.test.yaml --filter empty'],
    load: async () => (await import('./commands/test.js')).test,
  },
  {
    usage: 'plan [file-or-name]',
    summary: 'show the steps, the permissions and the maximum cost of a directive; works offline',
    description:
      'If Mission Control is running, the command also reports how the plan affects runs in progress. With --diff it compares two directives, each given as FILE, NAME or NAME@VERSION.',
    options: [
      ['--diff <old>', 'show how the directive differs from OLD'],
      [
        '--orphans',
        'list only scripts, servers, models and directives that runs in progress refer to but that no longer exist',
      ],
      [
        '--url <url>',
        'address of the API (default: MISSION_URL, else PORT and HOST, else the instance that uses MISSION_HOME)',
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
    summary: 'run a directive and wait for it to end',
    description:
      'Prints each step when it starts and ends and, without --json, the progress that it reports. Ctrl-C detaches from the run, which continues. A FILE is validated first, and its text is sent with the request.',
    options: [
      ...INPUT_OPTIONS,
      ['--no-wait', 'print the ID of the run and exit without waiting'],
      [
        '--idempotency-key <key>',
        'repeating the command with the same key does not start a second run',
      ],
      ['--version <version>', 'run an earlier version of the directive'],
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
      ['--shadows', 'list shadow runs, which are left out by default'],
      ['--system', 'list runs of the platform itself, which are left out by default'],
      ['--limit <n>', 'maximum number (default 20)'],
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
      [
        '--step <name>',
        'show the details of one step, given by its name, or by its path if several steps have that name',
      ],
      [
        '--iteration <indices>',
        'indices of the loops around the step, outermost first, such as 3 or 3.0',
      ],
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
    summary: 'follow a run until it ends; --json prints one line per event',
    examples: ['mission executions watch last'],
    online: true,
    load: async () => (await import('./commands/executions/executions-watch.js')).watchExecution,
  },
  {
    usage: 'executions artifacts <id> [path]',
    id: 'run',
    summary: 'list the artifacts of a run, or download one of them',
    options: [['--out <file>', 'write the artifact to this file instead of stdout']],
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
    summary: 'cancel a run, or all runs that match a filter',
    description:
      'Compensation and "always" steps still run. A run that does not end within the grace period is terminated.',
    options: [
      ['--reason <text>', 'reason, recorded in the audit trail'],
      [
        '--grace <seconds>',
        'grace period in seconds (default: a tenth of the run’s limits.duration_seconds, at least 300)',
      ],
      ['--force', 'terminate the run at once; its compensation and "always" steps do not run'],
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
    summary: 'repeat a finished run: all of it, or from a step or an iteration',
    description:
      'Starts a new run, which reuses the results of the steps before that point; the old run is not changed. Ctrl-C detaches from the run, which continues.',
    options: [
      ['--from <step>', 'first step to repeat; results of earlier steps are reused'],
      [
        '--iteration <indices>',
        'indices of the loops around the step, or of the loop itself, such as 3 or 3.0',
      ],
      [
        '--version <version>',
        'version of the directive: old (that of the original run, the default), newest, or a version number',
      ],
      ...INPUT_OPTIONS,
      ['--no-wait', 'print the ID of the run and exit without waiting'],
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
    summary: 'show what a finished run would do today, without external effects',
    description:
      'Calls, waits, approvals and child runs get their recorded results. The command lists the differences.',
    options: [
      [
        '--version <version>',
        'version of the directive: newest (the default), old (that of the original run), a version number, or a FILE',
      ],
      ...INPUT_OPTIONS,
      [
        '--go-on',
        'a call that has no recorded result returns null; by default the shadow run ends there',
      ],
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
    summary: 'pause a run: steps in progress are completed, no further step starts',
    options: BULK_OPTIONS,
    examples: ['mission executions pause last'],
    online: true,
    load: async () => (await import('./commands/executions/executions-control.js')).pauseExecution,
  },
  {
    usage: 'executions resume [id]',
    id: 'run',
    summary: 'resume a paused run',
    options: BULK_OPTIONS,
    examples: ['mission executions resume last'],
    online: true,
    load: async () => (await import('./commands/executions/executions-control.js')).resumeExecution,
  },
  {
    usage: 'executions signal <id> <name>',
    id: 'run',
    summary: 'send a signal to a run; if no step waits for it yet, it is kept until one does',
    options: [['--payload <json>', 'JSON or text; it becomes the result of the wait step']],
    examples: [`mission executions signal last delivered --payload '{"boxes": 3}'`],
    online: true,
    load: async () => (await import('./commands/executions/executions-control.js')).signalExecution,
  },
  ...APPROVAL_COMMANDS,
  {
    usage: 'directives list',
    summary: 'list directives',
    options: [
      ['--source <source>', 'only directives from this source: project, user or system'],
      ['--query <text>', 'only those that these words find, best first, or that contain them'],
    ],
    examples: ['mission directives list --source project'],
    online: true,
    load: async () => (await import('./commands/directives/directives-list.js')).listDirectives,
  },
  {
    usage: 'directives new <name>',
    summary: 'create a directive, a test and the JSON Schemas that editors use; works offline',
    examples: ['mission directives new weekly_report'],
    load: async () => (await import('./commands/directives/directives-new.js')).newDirectiveFile,
  },
  {
    usage: 'directives show <name>',
    summary: 'show a directive: inputs, permissions and text',
    options: [['--version <version>', 'show an earlier version']],
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
      ['--args <json>', 'all arguments as a JSON object, or @FILE with that object'],
    ],
    examples: ['mission mcp call everything echo --arg message=hello'],
    online: true,
    load: async () => (await import('./commands/mcp/mcp-call.js')).callTool,
  },
  {
    usage: 'mcp serve',
    summary: 'serve Mission Control to an MCP client over stdin and stdout',
    description:
      'Start it from the configuration of the client. It passes each message on to the running Mission Control, which may be restarted meanwhile. docs/mcp.md shows the configuration of several clients.',
    examples: ['mission mcp serve', 'mission mcp serve --url http://127.0.0.1:4100'],
    online: true,
    load: async () => (await import('./commands/mcp/mcp-serve.js')).serveMcp,
  },
  {
    usage: 'secrets set <name>',
    summary: 'store a secret, encrypted; the value is read from stdin',
    description:
      'Directives refer to it as secret://NAME. A newline at the end of the value is removed.',
    options: [['--from-file <file>', 'read the value from this file']],
    examples: [
      `printf %s "$TOKEN" | mission secrets set github_token`,
      'mission secrets set deploy_key --from-file id_ed25519',
    ],
    online: true,
    load: async () => (await import('./commands/secrets.js')).setSecret,
  },
  {
    usage: 'secrets list',
    summary: 'list secrets with their source and last use; values are never shown',
    examples: ['mission secrets list'],
    online: true,
    load: async () => (await import('./commands/secrets.js')).listSecrets,
  },
  {
    usage: 'secrets delete <name>',
    summary: 'delete a stored secret',
    examples: ['mission secrets delete github_token'],
    online: true,
    load: async () => (await import('./commands/secrets.js')).deleteSecret,
  },
  {
    usage: 'secrets rotate',
    summary: 're-encrypt all stored secrets with a new key',
    description:
      'The old key stays in the key file, so that backups of the database can still be read.',
    examples: ['mission secrets rotate'],
    online: true,
    load: async () => (await import('./commands/secrets.js')).rotateSecrets,
  },
  {
    usage: 'logs',
    summary: 'show log entries, newest last',
    options: [
      ['-f, --follow', 'keep printing new entries until Ctrl-C'],
      ['--execution <id>', 'only entries of this run'],
      ['--level <level>', 'minimum level: debug, info, warn or error'],
      ['--limit <n>', 'maximum number (default 100)'],
    ],
    examples: ['mission logs --follow --execution last'],
    online: true,
    load: async () => (await import('./commands/logs.js')).showLogs,
  },
  ...KNOWLEDGE_COMMANDS,
  ...THREAD_COMMANDS,
  ...AUTOMATION_COMMANDS,
  ...OBSERVATION_COMMANDS,
  ...ACCESS_COMMANDS,
];
