import { EventEmitter } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import { runCli } from '../../../src/cli/program.js';

/** What a call of `mission` left behind. */
export interface Called {
  exit: number;
  out: string;
  err: string;
}

/** Calls `mission` in this process, without a terminal and with an environment of its own. */
export async function mission(
  argv: string[],
  env: NodeJS.ProcessEnv = {},
  { stdin = '', signals = new EventEmitter() } = {},
): Promise<Called> {
  const [out, err] = [new PassThrough(), new PassThrough()];
  const io = { out, err, in: Readable.from([stdin]), signals };
  const exit = await runCli(argv, io, env);
  const text = (stream: PassThrough) => (stream.read() as Buffer | null)?.toString() ?? '';
  return { exit, out: text(out), err: text(err) };
}
