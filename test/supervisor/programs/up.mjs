// Runs the compiled supervisor (argument 1: its directory) with stand-ins (arguments 2, 3).
import { join } from 'node:path';

const [dist, api, worker] = process.argv.slice(2);
const { loadConfig } = await import(join(dist, 'platform/config/config.js'));
const { runUp } = await import(join(dist, 'supervisor/up.js'));
const program = (name, file) => ({
  name,
  args: [join(import.meta.dirname, file)],
  drainMs: 5_000,
});
try {
  await runUp(loadConfig(), {
    programs: { api: program('API', api), worker: program('worker', worker) },
  });
  console.log('ended in order');
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
