import { enableCompileCache } from 'node:module';
import type { ExitCode } from './terminal/cli-error.js';

/**
 * Caching compiled code on disk halves the start-up time of `mission validate`.
 */
enableCompileCache();
const { terminal } = await import('./terminal/io.js');
const { runCli } = await import('./program.js');

let isReported = false;

/**
 * A closed pipe (`mission logs | head`) is not an error; a result that could
 * not be written is one.
 */
function exitAfter(error: NodeJS.ErrnoException | null | undefined, exit: ExitCode | 0): never {
  const lost = error && error.code !== 'EPIPE';
  if (lost && !isReported)
    process.stderr.write(`error the result cannot be written: ${error.message}\n`);
  isReported ||= Boolean(lost);
  process.exit(lost ? exit || 1 : exit);
}

process.stdout.on('error', (error) => exitAfter(error, 0));

const exit = await runCli(process.argv.slice(2), terminal());
process.stdout.write('', (error) => exitAfter(error, exit));
