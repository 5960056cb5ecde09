import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { MissionError } from '../contracts/errors.js';
import { CliError, EXIT, type ExitCode } from './terminal/cli-error.js';
import type { CommandSpec, OptionSpec } from './client/command-spec.js';
import { COMMANDS } from './commands.js';
import { paint, type Io } from './terminal/io.js';
import { Session } from './client/session.js';
import { resolveIds } from './commands/short-ids.js';

const GROUPS: Record<string, string> = {
  executions: 'runs: list, show, watch, cancel',
  directives: 'directives: list, show, new',
  mcp: 'MCP servers: list, tools, call, serve',
  keys: 'API keys: create, list, revoke',
  users: 'users: list, add, disable',
  roles: 'roles: list, set',
  knowledge: 'notes: list, show, export, import',
  threads: 'conversations: list, show',
  alerts: 'what needs a person: list',
  audit: 'who did what: list',
  automations: 'run directives by themselves: on schedules, alerts and events',
  approvals: 'requests to people: list, approve, deny, answer',
  secrets: 'encrypted values for directives: set, list, delete',
};

const PAGE_END = `
Results go to stdout; messages and progress go to stderr.
An ID may be shortened to its first characters, at least four. "last" means the newest run or the newest open approval.
Exit codes: 0 success, 1 failure, 2 wrong usage, 3 Mission Control cannot be reached.`;

/**
 * Runs one `mission` command and returns its exit code.
 * @param argv arguments without the program's name
 * @param env replaces the process's environment, in tests
 */
export async function runCli(argv: string[], io: Io, env?: NodeJS.ProcessEnv): Promise<ExitCode> {
  const outcome: { exit: ExitCode } = { exit: EXIT.done };
  try {
    await program(io, env, outcome).parseAsync(argv, { from: 'user' });
    return outcome.exit;
  } catch (error) {
    const json = argv.includes('--json');
    return error instanceof CommanderError ? misused(error, io, json) : report(error, io, json);
  }
}

function program(io: Io, env: NodeJS.ProcessEnv | undefined, outcome: { exit: ExitCode }): Command {
  const root = new Command('mission')
    .description('Write, run and monitor durable directives.')
    .version(packageVersion())
    .enablePositionalOptions()
    .exitOverride()
    .showHelpAfterError('See --help.')
    .configureOutput({
      writeOut: (text) => io.out.write(text),
      writeErr: (text) => io.err.write(text),
      outputError: (text, write) => write(paint('red', text, io.err)),
    })
    .addHelpText('after', PAGE_END);
  for (const spec of COMMANDS) addCommand(root, spec, io, env, outcome);
  return root;
}

function addCommand(
  root: Command,
  spec: CommandSpec,
  io: Io,
  env: NodeJS.ProcessEnv | undefined,
  outcome: { exit: ExitCode },
): void {
  const [group, words] = split(root, spec.usage);
  const command = group
    .command(words)
    .summary(spec.summary)
    .description([sentence(spec.summary), spec.description ?? ''].join(' ').trim())
    .addHelpText('after', `\nExamples:\n${spec.examples.map((line) => `  ${line}`).join('\n')}`);
  for (const option of spec.options ?? []) addOption(command, option);
  if (spec.online)
    command.option(
      '--url <url>',
      'address of the API (default: MISSION_URL, else PORT and HOST, else the instance that uses MISSION_HOME)',
    );
  command.option('--json', 'machine-readable output on stdout');
  command.action(async () => {
    const options = command.opts<{ json?: boolean; url?: string }>();
    const session = new Session(io, options.json ?? false, options.url, env);
    const handler = await spec.load();
    const args = [...command.args];
    await resolveIds(session, spec, args, options);
    outcome.exit = await handler(session, args, options);
  });
}

function addOption(command: Command, [flags, description, many]: OptionSpec): void {
  if (!many) return void command.option(flags, description);
  command.option(flags, description, (value: string, before: string[] = []) => [...before, value]);
}

/** The parent command for `usage`, and the remaining words. */
function split(root: Command, usage: string): [Command, string] {
  const first = usage.split(' ')[0]!;
  const description = GROUPS[first];
  if (description === undefined) return [root, usage];
  const known = root.commands.find((command) => command.name() === first);
  const group =
    known ?? root.command(first).summary(description).description(sentence(description));
  return [group, usage.slice(first.length + 1)];
}

const sentence = (text: string) => `${text[0]!.toUpperCase()}${text.slice(1)}.`;

/**
 * Handles commander's own errors, whose text commander has already written. A
 * request for help is not an error.
 */
function misused({ exitCode, message }: CommanderError, io: Io, json: boolean): ExitCode {
  if (exitCode === 0) return EXIT.done;
  if (json) writeError(io, { code: 'usage', message: message.replace(/^error: /, '') });
  return EXIT.usage;
}

/**
 * Reports an error: prose on stderr and, with `--json`, the error on stdout.
 */
function report(error: unknown, io: Io, json: boolean): ExitCode {
  const { exit, code, message, hint } = toCliError(error);
  const unforeseen =
    error instanceof Error && !(error instanceof CliError || error instanceof MissionError);
  const prose = unforeseen ? error.stack : message;
  const label = exit === EXIT.interrupted ? '' : `${paint(['red', 'bold'], 'error', io.err)} `;
  io.err.write(`${label}${prose}\n`);
  if (hint) io.err.write(`  ${paint('cyan', 'hint:', io.err)} ${hint}\n`);
  if (json) writeError(io, { code, message, ...(hint && { hint }) });
  return exit;
}

const writeError = (io: Io, error: { code: string; message: string; hint?: string }) =>
  io.out.write(`${JSON.stringify({ error })}\n`);

function toCliError(error: unknown): CliError {
  if (error instanceof CliError) return error;
  if (!(error instanceof MissionError)) return internal(error);
  const exit = error.code === 'config_invalid' ? EXIT.usage : EXIT.failed;
  return new CliError(exit, error.code, error.message);
}

const internal = (error: unknown) =>
  new CliError(EXIT.failed, 'internal', error instanceof Error ? error.message : String(error));

function packageVersion(): string {
  const file = new URL('../../package.json', import.meta.url);
  const { version = 'unknown' } = JSON.parse(readFileSync(file, 'utf8')) as { version?: string };
  return version;
}
