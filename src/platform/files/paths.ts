import { join } from 'node:path';

/** Where everything of one instance lies, below its `MISSION_HOME`. */
export const homePaths = (home: string) => ({
  /** Held by the supervisor that runs this instance. */
  lock: join(home, 'supervisor.lock'),
  /** What runs where, for people and for the CLI: written when ready, removed at the end. */
  instance: join(home, 'instance.json'),
  operatorKey: join(home, 'operator.key'),
  /** Keys of the store of secrets. */
  secretsKeys: join(home, 'secrets.keys'),
  postgres: join(home, 'postgres'),
  temporalDb: join(home, 'temporal.db'),
  temporalPid: join(home, 'temporal.pid'),
  logs: join(home, 'logs'),
  /** The pids of the processes that run, a file each. */
  run: join(home, 'run'),
});
