import type { LogRecord, Recorder } from '../../observation/record.js';

const FLUSH_MS = 100;
const MAX_LINES = 200;

/** Collects the log lines of steps, so that a script with many lines costs one insert per 100 ms. */
export class LogBuffer {
  private lines: LogRecord[] = [];
  private timer: NodeJS.Timeout | undefined;
  private written = Promise.resolve();

  constructor(private readonly recorder: Recorder) {}

  add(line: LogRecord): void {
    this.lines.push(line);
    if (this.lines.length >= MAX_LINES) void this.flush();
    else this.timer ??= setTimeout(() => void this.flush(), FLUSH_MS);
  }

  /** Writes one batch after the other, so that lines keep their order. Never rejects: a lost log line fails no step. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const lines = this.lines;
    this.lines = [];
    this.written = this.written.then(() => this.recorder.log(...lines)).catch(() => undefined);
    return this.written;
  }
}
