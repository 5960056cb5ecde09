import type { Recorder } from '../observation/record.js';
import type { Config } from '../platform/config/config.js';
import type { JailProbe } from '../sandbox/bubblewrap/jail-method.js';
import type { Logger } from '../platform/logger.js';

/** The parts of a worker that report a missing sandbox. */
export interface JailReporter {
  recorder: Pick<Recorder, 'audit'>;
  logger: Logger;
  workerId: string;
}

/** The programs that would run in the sandbox. */
export interface UnjailedPrograms {
  /** The action of the audit row. */
  action: 'scripts.no_jail' | 'mcp.no_jail';
  /** A name of the programs for people, such as `scripts of the project`. */
  what: string;
  data?: Record<string, string[]>;
}

/**
 * Writes to the log and the audit log that there is no sandbox.
 * @returns the reason for which the programs are not run; undefined when they run without a sandbox, with all rights of this worker
 */
export async function reportMissingJail(
  { action, what, data }: UnjailedPrograms,
  { reason, hint }: Extract<JailProbe, { reason: string }>,
  { trust }: Config['scripts'],
  { recorder, logger, workerId }: JailReporter,
): Promise<string | undefined> {
  const refused = trust !== 'local';
  const outcome = refused ? 'are not run' : 'run WITHOUT A SANDBOX, with all rights of this worker';
  logger.warn({ ...data, reason, hint }, `${what} ${outcome}`);
  await recorder.audit({
    actor: 'system',
    action,
    target: `worker:${workerId}`,
    data: { ...data, reason, refused },
  });
  return refused ? `mission.yaml says scripts.trust: ${trust}, and ${reason}` : undefined;
}
