import type { ExitCode } from '../terminal/cli-error.js';
import type { Session } from './session.js';

/**
 * Runs a command with the arguments and options that commander read; commands
 * narrow the options that they declare.
 */
export type Handler = (
  session: Session,
  args: string[],
  options: Record<string, unknown>,
) => Promise<ExitCode>;

/** An option of a command; `many` may be repeated and collects its values. */
export type OptionSpec = [flags: string, description: string, many?: 'many'];

/**
 * A command: the texts of its help and its handler, which is loaded on demand.
 */
export interface CommandSpec {
  /** Words and arguments, such as `executions show <id>`. */
  usage: string;
  summary: string;
  /** Further prose of the help page. */
  description?: string;
  options?: OptionSpec[];
  examples: string[];
  /**
   * Kind of the id in the first argument, which may be shortened; ids of runs
   * in options may always be shortened.
   */
  id?: 'run' | 'approval' | 'request' | 'question';
  /**
   * Whether the command needs a running Mission Control; it then has the option
   * `--url`.
   */
  online?: boolean;
  load(): Promise<Handler>;
}
