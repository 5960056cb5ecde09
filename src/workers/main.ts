import { createDataSource } from '../platform/database/data-source.js';
import { loadConfig } from '../platform/config/config.js';
import { watchConfig } from '../platform/config/config-watch.js';
import { checkKeyFiles } from '../platform/config/check-key-files.js';
import { createLogger } from '../platform/logger.js';
import { Redactor } from '../platform/redaction/redactor.js';
import { MissionWorker } from './mission-worker.js';
import { retryUntilReady } from './retry-until-ready.js';

/** Size of a worker's connection pool, which journal commits, the dispatcher and the gateway share. */
const POOL = 20;

const config = loadConfig();
/** Redacts the secrets that this process resolves, in its own log as well. */
const redactor = new Redactor();
const logger = createLogger('worker', config.logLevel, (line) => redactor.text(line));
if (!config.databaseUrl) {
  logger.fatal(
    'DATABASE_URL is not set. Use `mission up`, which brings its own Postgres, or set DATABASE_URL to an external one.',
  );
  process.exit(2);
}
/** Waits for readable key files. `mission up` checks them before it starts; a restarted worker may find them broken. */
await retryUntilReady('a key file', logger, () => checkKeyFiles(config));
const dataSource = createDataSource(config.databaseUrl, POOL);
await retryUntilReady('the database', logger, () => dataSource.initialize());
watchConfig(config.configStamp, logger);
const worker = new MissionWorker(
  { ...config, databaseUrl: config.databaseUrl },
  dataSource,
  logger,
  redactor,
);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => worker.stop());
/** The supervisor has exited, and no other process would stop this worker. */
process.on('disconnect', () => worker.stop());
await worker.run();
await dataSource.destroy();
process.exit(0);
