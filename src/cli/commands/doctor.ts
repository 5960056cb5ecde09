import { EXIT } from '../cli-error.js';
import type { Handler } from '../command-spec.js';

/** `mission doctor`: fails when something that is needed is missing; warnings do not count. */
export const doctor: Handler = async (session) => {
  const { doctorLines, runDoctor } = await import('../../supervisor/doctor.js');
  const report = await runDoctor(await session.config());
  session.result(report, () => doctorLines(report).join('\n'));
  return report.ok ? EXIT.done : EXIT.failed;
};
