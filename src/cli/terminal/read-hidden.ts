import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { CliError, EXIT } from './cli-error.js';
import type { Io } from './io.js';

/** Reads one line from a terminal without showing it. */
export async function readHidden({ in: input, err }: Io, question: string): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const stopped = new AbortController();
  const lines = createInterface({
    input: input as unknown as NodeJS.ReadableStream,
    output: nowhere,
    terminal: true,
  });
  lines.on('SIGINT', () => stopped.abort());
  lines.on('close', () => stopped.abort());
  err.write(question);
  try {
    return await lines.question('', { signal: stopped.signal });
  } catch {
    throw new CliError(EXIT.usage, 'cancelled', 'no value was entered; nothing was changed');
  } finally {
    lines.close();
    err.write('\n');
  }
}
