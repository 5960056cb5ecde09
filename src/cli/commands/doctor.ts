import { libraryFindings } from '../project/library-findings.js';
import { askConfiguration, staleText } from '../client/stale-config.js';
import { EXIT } from '../terminal/cli-error.js';
import type { Handler } from '../client/command-spec.js';
import type { Session } from '../client/session.js';
import type { Finding } from '../../supervisor/checks/check.js';

/** `mission doctor`: fails when something that is needed is missing; warnings do not count. */
export const doctor: Handler = async (session) => {
  const { doctorLines, runDoctor } = await import('../../supervisor/doctor.js');
  const { ok, checks } = await runDoctor(await session.config());
  const report = {
    ok,
    checks: [...checks, ...(await libraryFindings(session)), ...(await staleFindings(session))],
  };
  session.result(report, () => doctorLines(report).join('\n'));
  return ok ? EXIT.done : EXIT.failed;
};

async function staleFindings(session: Session): Promise<Finding[]> {
  const configuration = await askConfiguration(session);
  if (!configuration?.stale) return [];
  return [{ name: 'mission.yaml', status: 'warning', message: staleText(configuration) }];
}
