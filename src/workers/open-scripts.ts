import { join } from 'node:path';
import type { Recorder } from '../observation/record.js';
import type { Config } from '../platform/config.js';
import { probeJail } from '../platform/jail/jail-way.js';
import type { Logger } from '../platform/logger.js';
import { ScriptFinder } from '../tools/scripts/script-finder.js';
import { ScriptHost } from '../tools/scripts/script-host.js';
import { ownFiles } from './own-files.js';

const BREACH =
  'somebody replaced or made this while a script was running that may write around it, or must not see it; the script was stopped. Make sure that it is what you want it to be';
const OFF = 'mission.yaml says scripts.trust: none';

/** The project's scripts, jailed where that is possible. Where it is not, that is logged and on the record. */
export async function openScripts(
  config: Config,
  recorder: Recorder,
  logger: Logger,
  workerId: string,
  look = probeJail,
): Promise<{ host: ScriptHost; finder: ScriptFinder }> {
  const { home, project, scripts } = config;
  const probe = scripts.trust === 'none' ? undefined : await look(project);
  let refusal = probe ? undefined : OFF;
  if (probe && 'reason' in probe) {
    const { reason, hint } = probe;
    const isRefused = scripts.trust === 'jailed';
    const what = isRefused
      ? 'scripts of the project are not run'
      : 'scripts of the project run WITHOUT A JAIL, with all rights of this worker';
    logger.warn({ reason, hint }, what);
    const data = { reason, refused: isRefused };
    await recorder.audit({
      actor: 'system',
      action: 'scripts.no_jail',
      target: `worker:${workerId}`,
      data,
    });
    if (isRefused) refusal = `mission.yaml says scripts.trust: jailed, and ${reason}`;
  }
  const jail = probe && 'way' in probe ? probe.way : undefined;
  if (jail) logger.info({ kind: jail.kind, idmap: jail.idmap !== undefined }, 'scripts are jailed');
  const host = new ScriptHost({
    projectPath: project,
    scratchRoot: join(home, 'scratch'),
    jail,
    confidential: confidentialOf(config),
    closed: ownFiles(config),
    onBreach: (path) => logger.warn({ path }, BREACH),
    visible: scripts.readOnly,
    passedOn: scripts.environment,
    bounds: scripts.limits,
  });
  return { host, finder: new ScriptFinder(project, refusal) };
}

const confidentialOf = ({ home, secrets, temporal }: Config): string[] =>
  [home, secrets.keyFile, secrets.file, temporal.payloadKeys].filter((path) => path !== undefined);
