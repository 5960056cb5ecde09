import type { ScriptCall } from '../../../contracts/script.js';
import { LineReader } from './line-reader.js';

/**
 * Limit of the printed and logged output of one call, in bytes; a script that
 * exceeds it is stopped.
 */
export const MAX_OUTPUT_BYTES = 1024 * 1024;
const MAX_LOG_LINE = 8 * 1024;
const STDERR_TAIL = 4 * 1024;

/**
 * The output of a script during one call: lines for the log, and the end of
 * stderr for its error.
 */
export class CallOutput {
  private bytes = 0;
  private tail = '';
  private readonly out: LineReader;
  private readonly err: LineReader;

  /** @param onFlood called once, when the call has printed more than {@link MAX_OUTPUT_BYTES} */
  constructor(
    private readonly call: Pick<ScriptCall, 'onLog'>,
    private readonly onFlood: () => void,
    onStdout: (line: string) => void = (line) => this.log(line),
  ) {
    this.out = new LineReader(onStdout);
    this.err = new LineReader((line) => this.log(line, 'warn'));
  }

  stdout(text: string): void {
    if (this.count(text)) this.out.push(text);
  }

  stderr(text: string): void {
    this.tail = (this.tail + text).slice(-STDERR_TAIL);
    if (this.count(text)) this.err.push(text);
  }

  /**
   * Logs one line, shortened to the length of a log row; empty lines are
   * skipped.
   */
  log(line: string, level: 'info' | 'warn' = 'info'): void {
    if (line.trim() !== '') this.call.onLog(level, line.slice(0, MAX_LOG_LINE));
  }

  /**
   * Counts output that is not printed (the script's own log entries); returns
   * false when the limit is exceeded.
   */
  count(text: string): boolean {
    const before = this.bytes;
    this.bytes += Buffer.byteLength(text);
    if (this.bytes > MAX_OUTPUT_BYTES && before <= MAX_OUTPUT_BYTES) this.onFlood();
    return this.bytes <= MAX_OUTPUT_BYTES;
  }

  /** Logs the unfinished last lines; call it when no more output can come. */
  end(): void {
    this.out.end();
    this.err.end();
  }

  /** The last 4 KiB of stderr. */
  get stderrTail(): string {
    return this.tail;
  }
}
