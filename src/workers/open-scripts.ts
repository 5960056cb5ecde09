import { join } from 'node:path';
import type { Config } from '../platform/config/config.js';
import { probeJail } from '../sandbox/bubblewrap/probe-jail.js';
import { ScriptFinder } from '../tools/scripts/script-finder.js';
import { ScriptHost } from '../tools/scripts/script-host.js';
import { protectionsOf } from '../sandbox/protections.js';
import { reportMissingJail, type JailReporter } from './report-missing-jail.js';

const OFF = 'mission.yaml says scripts.trust: none';
const SCRIPTS = { action: 'scripts.no_jail', what: 'scripts of the project' } as const;

/** The project's scripts, jailed where that is possible. Where it is not, that is logged and on the record. */
export async function openScripts(
  config: Config,
  witness: JailReporter,
  look = probeJail,
): Promise<{ host: ScriptHost; finder: ScriptFinder }> {
  const { home, project, scripts } = config;
  const { logger } = witness;
  const probe = scripts.trust === 'none' ? undefined : await look(project);
  const jail = probe && 'way' in probe ? probe.way : undefined;
  const refusal =
    probe && 'reason' in probe && (await reportMissingJail(SCRIPTS, probe, scripts, witness));
  if (jail) logger.info({ kind: jail.kind, idmap: jail.idmap !== undefined }, 'scripts are jailed');
  const host = new ScriptHost({
    projectPath: project,
    scratchRoot: join(home, 'scratch'),
    jail,
    ...protectionsOf(config, logger),
    visible: scripts.readOnly,
    passedOn: scripts.environment,
    bounds: scripts.limits,
  });
  return { host, finder: new ScriptFinder(project, probe ? refusal || undefined : OFF) };
}
