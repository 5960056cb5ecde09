import { enableCompileCache } from 'node:module';
import type { ExitCode } from './terminal/cli-error.js';

/** Compiled code is cached on disk: `mission validate` starts in half the time. */
enableCompileCache();
const { terminal } = await import('./terminal/io.js');
const { runCli } = await import('./program.js');

let told = false;

/** A reader that went away (`mission logs | head`) is no failure; a result that could not be written is. */
function exitAfter(error: NodeJS.ErrnoException | null | undefined, exit: ExitCode | 0): never {
  const lost = error && error.code !== 'EPIPE';
  if (lost && !told) process.stderr.write(`error the result cannot be written: ${error.message}\n`);
  told ||= Boolean(lost);
  process.exit(lost ? exit || 1 : exit);
}

process.stdout.on('error', (error) => exitAfter(error, 0));

const exit = await runCli(process.argv.slice(2), terminal());
process.stdout.write('', (error) => exitAfter(error, exit));
