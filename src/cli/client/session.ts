import type { Config } from '../../platform/config/config.js';
import type { ApiClient } from './api-client.js';
import { paint, type Io } from '../terminal/io.js';

/** One call of the command line: its streams, the options that all commands share, and what they load when needed. */
export class Session {
  constructor(
    readonly io: Io,
    readonly json: boolean,
    private readonly url: string | undefined,
    readonly env: NodeJS.ProcessEnv | undefined,
  ) {}

  /** The result: one line of JSON under `--json`, else text for people. */
  result(value: unknown, human: () => string): void {
    this.io.out.write(`${this.json ? JSON.stringify(value) : human()}\n`);
  }

  /** Prose that is itself the result: stdout, but stderr under `--json`. */
  tell(text: string): void {
    (this.json ? this.io.err : this.io.out).write(`${text}\n`);
  }

  /** Prose for people, on stderr. */
  note(text: string): void {
    this.io.err.write(`${text}\n`);
  }

  /**
   * Aborted by Ctrl-C. Listens to the end: the terminal and our launcher both send the signal, and the
   * second must not kill what the first has begun to end.
   */
  interruption(): AbortSignal {
    const interrupted = new AbortController();
    this.io.signals.on('SIGINT', () => interrupted.abort());
    return interrupted.signal;
  }

  /** How many characters fit in a line of stdout; undefined where it is no terminal, and nothing is to be cut. */
  get columns(): number | undefined {
    const { isTTY, columns } = this.io.out as Partial<NodeJS.WriteStream>;
    return isTTY ? columns : undefined;
  }

  /** Text in a style, for stdout. */
  paint(style: Parameters<typeof paint>[0], text: string): string {
    return paint(style, text, this.io.out);
  }

  /** The whole configuration, of another project if one is named; reads the operator's file. */
  async config(project?: string): Promise<Config> {
    const { loadConfig } = await import('../../platform/config/config.js');
    const { environmentOf } = await import('../../platform/config/config-client.js');
    return loadConfig(project === undefined ? this.env : environmentOf(project, this.env));
  }

  /** A client of the running Mission Control. Needs nothing of the operator's file. */
  async api(timeoutMs?: number): Promise<ApiClient> {
    const { loadClientConfig } = await import('../../platform/config/config-client.js');
    const { findConnection } = await import('./connection.js');
    const { ApiClient } = await import('./api-client.js');
    return new ApiClient(findConnection(loadClientConfig(this.env), this.url), timeoutMs);
  }
}
