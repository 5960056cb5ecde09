import { join } from 'node:path';
import type { Config } from '../platform/config/config.js';
import { probeJail } from '../sandbox/bubblewrap/probe-jail.js';
import { ScriptFinder } from '../tools/scripts/script-finder.js';
import { ScriptHost } from '../tools/scripts/script-host.js';
import { protectionsOf } from '../sandbox/protections.js';
import { reportMissingJail, type JailReporter } from './report-missing-jail.js';

const OFF = 'mission.yaml says scripts.trust: none';
const SCRIPTS = { action: 'scripts.no_jail', what: 'scripts of the project' } as const;

/** Opens the project's scripts, in a sandbox where the machine has one. A missing sandbox is logged and written to the audit log. */
export async function openScripts(
  config: Config,
  reporter: JailReporter,
  probeSandbox = probeJail,
): Promise<{ host: ScriptHost; finder: ScriptFinder }> {
  const { home, project, scripts } = config;
  const { logger } = reporter;
  const probe = scripts.trust === 'none' ? undefined : await probeSandbox(project);
  const jail = probe && 'way' in probe ? probe.way : undefined;
  const refusal =
    probe && 'reason' in probe && (await reportMissingJail(SCRIPTS, probe, scripts, reporter));
  if (jail)
    logger.info({ kind: jail.kind, idmap: jail.idmap !== undefined }, 'scripts run in a sandbox');
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
