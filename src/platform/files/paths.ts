import { join } from 'node:path';

/** The paths of an instance below its `MISSION_HOME`. */
export const homePaths = (home: string) => ({
  /** Lock that the instance's supervisor holds. */
  lock: join(home, 'supervisor.lock'),
  /**
   * Addresses of the running instance, for people and the CLI: written when it
   * is ready, removed at the end.
   */
  instance: join(home, 'instance.json'),
  operatorKey: join(home, 'operator.key'),
  /** Keys of the secret store. */
  secretsKeys: join(home, 'secrets.keys'),
  postgres: join(home, 'postgres'),
  temporalDb: join(home, 'temporal.db'),
  temporalPid: join(home, 'temporal.pid'),
  logs: join(home, 'logs'),
  /** Directory of pid files, one for each running process. */
  run: join(home, 'run'),
});
