import type { EventEmitter } from 'node:events';
import { styleText } from 'node:util';

/** Where a command reads and writes. Results go to `out`; prose and progress go to `err`. */
export interface Io {
  out: NodeJS.WritableStream;
  err: NodeJS.WritableStream;
  in: AsyncIterable<Buffer | string>;
  /** Emits `SIGINT`. */
  signals: EventEmitter;
}

type Style = Parameters<typeof styleText>[0];

/** The terminal's own streams. */
export const terminal = (): Io => ({
  out: process.stdout,
  err: process.stderr,
  in: process.stdin,
  signals: process,
});

/** `text` in a style where `stream` is a terminal that wants colour (`NO_COLOR` is honoured), else as it is. */
export function paint(style: Style, text: string, stream: NodeJS.WritableStream): string {
  return styleText(style, text, { stream: stream as NodeJS.WriteStream, validateStream: true });
}
