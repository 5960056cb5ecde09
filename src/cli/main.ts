import { enableCompileCache } from 'node:module';

/** Compiled code is cached on disk: `mission validate` starts in half the time. */
enableCompileCache();
const { terminal } = await import('./io.js');
const { runCli } = await import('./program.js');

/** A reader that went away (`mission logs | head`) is no failure. */
process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
  process.exit(code === 'EPIPE' ? 0 : 1);
});

const exit = await runCli(process.argv.slice(2), terminal());
process.stdout.write('', () => process.exit(exit));
