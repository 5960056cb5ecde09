import type { ExitCode } from '../terminal/cli-error.js';
import type { Session } from './session.js';

/** Arguments and options as commander read them; commands narrow what they declared themselves. */
export type Handler = (
  session: Session,
  args: string[],
  options: Record<string, unknown>,
) => Promise<ExitCode>;

/** An option; `many` may be repeated and collects its values. */
export type OptionSpec = [flags: string, description: string, many?: 'many'];

/** One command: what its help says, and where its work is, loaded only when it is called. */
export interface CommandSpec {
  /** Words and arguments, such as `executions show <id>`. */
  usage: string;
  summary: string;
  /** Further prose of the help page. */
  description?: string;
  options?: OptionSpec[];
  examples: string[];
  /** What its first argument names by an id, which may be shortened; options that name a run always may. */
  id?: 'run' | 'approval';
  /** Talks to a running Mission Control: takes `--url`. */
  online?: boolean;
  load(): Promise<Handler>;
}
