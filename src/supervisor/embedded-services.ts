import { join } from 'node:path';
import type { Config } from '../platform/config/config.js';
import { homePaths } from '../platform/files/paths.js';
import { startPostgres } from '../platform/postgres/server.js';
import { startTemporalServer } from '../platform/temporal/server.js';
import type { Service } from './service.js';

/**
 * Postgres below `MISSION_HOME`. `onUrl` receives its URL after each start; the
 * port stays the same over restarts.
 */
export function postgresService(
  { home }: Config,
  say: (line: string) => void,
  onUrl: (url: string) => void,
): Service {
  const paths = homePaths(home);
  const logFile = join(paths.logs, 'postgres.log');
  let port: number | undefined;
  const start = async () => {
    const server = await startPostgres({
      dataDir: paths.postgres,
      logFile,
      say,
      ...(port !== undefined && { port }),
    });
    port = server.port;
    onUrl(server.url);
    return server;
  };
  return { name: 'database', logFile, start };
}

/** The embedded Temporal server below `MISSION_HOME`, on fixed ports. */
export function temporalService(
  { home, temporal }: Config,
  address: { engine: string; port: number; uiPort: number },
): Service {
  const paths = homePaths(home);
  const logFile = join(paths.logs, 'temporal.log');
  const files = { dbFile: paths.temporalDb, pidFile: paths.temporalPid, logFile };
  const { namespace } = temporal;
  return {
    name: 'Temporal server',
    logFile,
    start: () => startTemporalServer({ ...address, ...files, namespace }),
  };
}
