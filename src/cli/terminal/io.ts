import type { EventEmitter } from 'node:events';
import { styleText } from 'node:util';

/**
 * The streams of a command. Results go to `out`; prose and progress go to
 * `err`.
 */
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

/**
 * Styles a text where `stream` is a terminal with colours (`NO_COLOR` is
 * honoured); otherwise returns it unchanged.
 */
export function paint(style: Style, text: string, stream: NodeJS.WritableStream): string {
  return styleText(style, text, { stream: stream as NodeJS.WriteStream, validateStream: true });
}
