import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { ENTITIES } from './entities/index.js';
import { MIGRATIONS } from './migrations/index.js';

/** Creates the connection pool of a process. `poolSize`: the maximum number of connections. */
export function createDataSource(url: string, poolSize = 10): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    entities: ENTITIES,
    migrations: MIGRATIONS,
    migrationsTableName: 'schema_migrations',
    synchronize: false,
    // gen_random_uuid() is built in since Postgres 13: nothing to install.
    uuidExtension: 'pgcrypto',
    installExtensions: false,
    poolSize,
    applicationName: 'mission-control',
  });
}
