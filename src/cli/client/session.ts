import type { Config } from '../../platform/config/config.js';
import type { ApiClient } from './api-client.js';
import { paint, type Io } from '../terminal/io.js';

/**
 * One call of the command line: its streams, the shared options, and the
 * clients that commands load on demand.
 */
export class Session {
  constructor(
    readonly io: Io,
    readonly json: boolean,
    private readonly url: string | undefined,
    readonly env: NodeJS.ProcessEnv | undefined,
  ) {}

  /**
   * Prints the result: one line of JSON with `--json`, otherwise text for
   * people.
   */
  result(value: unknown, human: () => string): void {
    this.io.out.write(`${this.json ? JSON.stringify(value) : human()}\n`);
  }

  /**
   * Prints prose that is itself the result: to stdout, with `--json` to stderr.
   */
  tell(text: string): void {
    (this.json ? this.io.err : this.io.out).write(`${text}\n`);
  }

  /** Prints prose for people to stderr. */
  note(text: string): void {
    this.io.err.write(`${text}\n`);
  }

  /**
   * A signal that Ctrl-C aborts. The listener stays until the process ends: the
   * terminal and the launcher both send SIGINT, and the second one must not
   * kill the process while it shuts down.
   */
  interruption(): AbortSignal {
    const interrupted = new AbortController();
    this.io.signals.on('SIGINT', () => interrupted.abort());
    return interrupted.signal;
  }

  /**
   * Number of columns of stdout; undefined where it is not a terminal and
   * nothing is cut.
   */
  get columns(): number | undefined {
    const { isTTY, columns } = this.io.out as Partial<NodeJS.WriteStream>;
    return isTTY ? columns : undefined;
  }

  /** Styles a text for stdout. */
  paint(style: Parameters<typeof paint>[0], text: string): string {
    return paint(style, text, this.io.out);
  }

  /**
   * Loads the whole configuration, the operator's file included.
   * @param project another project to use
   */
  async config(project?: string): Promise<Config> {
    const { loadConfig } = await import('../../platform/config/config.js');
    const { environmentOf } = await import('../../platform/config/config-client.js');
    return loadConfig(project === undefined ? this.env : environmentOf(project, this.env));
  }

  /**
   * Creates a client of the running Mission Control, without reading the
   * operator's file.
   */
  async api(timeoutMs?: number): Promise<ApiClient> {
    const { loadClientConfig } = await import('../../platform/config/config-client.js');
    const { findConnection } = await import('./connection.js');
    const { ApiClient } = await import('./api-client.js');
    return new ApiClient(findConnection(loadClientConfig(this.env), this.url), timeoutMs);
  }
}
