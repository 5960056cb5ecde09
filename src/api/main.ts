import { setTimeout as delay } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { KeyStore } from '../access/key-store.js';
import { ensureOperatorKey, type OperatorKey } from '../access/operator-key.js';
import { SecretService } from '../access/secrets/secret-service.js';
import { secretSources } from '../access/secrets/secret-sources.js';
import { MissionError } from '../contracts/errors.js';
import { Feed } from '../observation/feeds/feed.js';
import { loadConfig, type Config } from '../platform/config/config.js';
import { watchConfig } from '../platform/config/config-watch.js';
import { createDataSource } from '../platform/database/data-source.js';
import { ThreadFeed } from '../threads/events/thread-feed.js';
import { Library } from '../platform/library/library.js';
import { openSearch } from '../search/open-search.js';
import { createLogger, type Logger } from '../platform/logger.js';
import { payloadCodec } from '../platform/temporal/data-converter.js';
import { ApiLog } from './shared/api-log.js';
import { apiSettings } from './shared/api-settings.js';
import { createApp } from './create-app.js';
import { listen } from './listen.js';

/** Size of the connection pool of an API process. */
const POOL = 16;
const RETRY_MS = 1_000;

/** Connects to the database; waits and logs until the database can be reached. */
async function connect(url: string, log: Logger) {
  const dataSource = createDataSource(url, POOL);
  while (!dataSource.isInitialized) {
    await dataSource.initialize().catch(async (error: Error) => {
      log.warn({ error: error.message }, 'the database cannot be reached yet; trying again');
      await delay(RETRY_MS);
    });
  }
  return dataSource;
}

function logOperatorKey({ file, outcome }: OperatorKey, log: Logger): void {
  if (outcome === 'replaced') {
    log.warn(
      { file },
      'the operator’s key file is missing: a new key was created and the old one revoked',
    );
  } else log.info({ file, outcome }, 'the operator’s key');
}

/** Creates the service of secrets. Creates the first key as well, unless the operator names a key file. */
async function secretService(
  dataSource: DataSource,
  { secrets }: Config,
  log: Logger,
): Promise<SecretService> {
  const { keyFile, store, others } = secretSources(dataSource, secrets);
  if (secrets.ownKeyFile && (await keyFile.ensure())) {
    log.info({ file: keyFile.path }, 'created the key that encrypts stored secrets');
  }
  return new SecretService(dataSource, store, others, secrets.ownKeyFile);
}

async function main(config: Config, log: Logger): Promise<void> {
  const { databaseUrl: url } = config;
  if (!url) {
    throw new MissionError(
      'config_invalid',
      'DATABASE_URL is not set. Use `mission up`, which brings its own Postgres, or set DATABASE_URL to an external one.',
    );
  }
  const { payloadKeys } = config.temporal;
  const dataSource = await connect(url, log);
  logOperatorKey(
    await ensureOperatorKey(dataSource, config.home, config.apiKey !== undefined),
    log,
  );
  const { search, close: closeSearch } = openSearch({ ...config, dataSource, logger: log });
  const app = await createApp({
    settings: apiSettings(config),
    log: new ApiLog(log),
    dataSource,
    keys: new KeyStore(dataSource, config.apiKey),
    feed: new Feed(dataSource, url),
    threadFeed: new ThreadFeed(dataSource, url, (error) =>
      log.warn({ error: String(error) }, 'the events of threads could not be read'),
    ),
    library: new Library({
      ...config,
      mcpServers: Object.keys(config.mcpServers),
      onProblem: ({ file, message }) => log.warn({ file }, `${file} ${message}`),
    }),
    search,
    secrets: await secretService(dataSource, config, log),
    codec: payloadKeys === undefined ? undefined : payloadCodec(payloadKeys),
  });
  const port = await listen(app.getHttpServer(), config.host, config.port);
  log.info({ host: config.host, port }, `the API listens on http://${config.host}:${port}`);
  watchConfig(config.configStamp, log);
  const stop = async () => {
    await app.close();
    closeSearch();
    await dataSource.destroy();
    process.exit(0);
  };
  // The supervisor's channel closes when the supervisor exits, and no other process would stop this one.
  for (const event of ['SIGTERM', 'SIGINT', 'disconnect']) process.once(event, () => void stop());
}

/** Logs an expected failure with its message, any other one with its stack, and exits. */
function fail(error: unknown): never {
  const expected = error instanceof MissionError;
  createLogger('api').fatal(expected ? error.message : error);
  process.exit(expected ? 2 : 1);
}

try {
  const config = loadConfig();
  await main(config, createLogger('api', config.logLevel));
} catch (error) {
  fail(error);
}
