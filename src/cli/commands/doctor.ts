import { libraryFindings } from '../library-findings.js';
import { EXIT } from '../cli-error.js';
import type { Handler } from '../command-spec.js';

/** `mission doctor`: fails when something that is needed is missing; warnings do not count. */
export const doctor: Handler = async (session) => {
  const { doctorLines, runDoctor } = await import('../../supervisor/doctor.js');
  const { ok, checks } = await runDoctor(await session.config());
  const report = { ok, checks: [...checks, ...(await libraryFindings(session))] };
  session.result(report, () => doctorLines(report).join('\n'));
  return ok ? EXIT.done : EXIT.failed;
};
