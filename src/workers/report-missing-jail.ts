import type { Recorder } from '../observation/record.js';
import type { Config } from '../platform/config/config.js';
import type { JailProbe } from '../sandbox/bubblewrap/jail-method.js';
import type { Logger } from '../platform/logger.js';

/** Of a worker. */
export interface JailReporter {
  recorder: Pick<Recorder, 'audit'>;
  logger: Logger;
  workerId: string;
}

/** What would be jailed. */
export interface UnjailedPrograms {
  /** Of the audit row. */
  action: 'scripts.no_jail' | 'mcp.no_jail';
  /** For people, such as `scripts of the project`. */
  what: string;
  data?: Record<string, string[]>;
}

/**
 * Tells, loudly and on the record, that there is no jail.
 * @returns why what would be in it does not run; undefined when it runs all the same, with all rights of this worker
 */
export async function reportMissingJail(
  { action, what, data }: UnjailedPrograms,
  { reason, hint }: Extract<JailProbe, { reason: string }>,
  { trust }: Config['scripts'],
  { recorder, logger, workerId }: JailReporter,
): Promise<string | undefined> {
  const refused = trust !== 'local';
  const outcome = refused ? 'are not run' : 'run WITHOUT A JAIL, with all rights of this worker';
  logger.warn({ ...data, reason, hint }, `${what} ${outcome}`);
  await recorder.audit({
    actor: 'system',
    action,
    target: `worker:${workerId}`,
    data: { ...data, reason, refused },
  });
  return refused ? `mission.yaml says scripts.trust: ${trust}, and ${reason}` : undefined;
}
