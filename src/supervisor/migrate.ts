import { MissionError } from '../contracts/errors.js';
import { loadConfig } from '../platform/config/config.js';
import { migrate } from '../platform/database/migrate.js';

// `npm run migrate`: for processes that run without a supervisor.
try {
  const { databaseUrl } = loadConfig();
  if (databaseUrl === undefined) {
    throw new MissionError('config_invalid', 'Set DATABASE_URL to the database to migrate.');
  }
  await migrate(databaseUrl);
  console.log('The database is up to date.');
} catch (error) {
  console.error(error instanceof MissionError ? error.message : error);
  process.exitCode = 1;
}
