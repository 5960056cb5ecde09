import type { Handler } from '../../client/command-spec.js';
import { ACCESS_DOCUMENTS } from '../../client/access-documents.js';
import type { Session } from '../../client/session.js';
import { when } from '../../render/run.js';
import { EXIT } from '../../terminal/cli-error.js';

interface CheckView {
  at: string;
  executionId: string | null;
  stepPath: string | null;
  iteration: string | null;
  actor: string;
  action: string;
  target: string;
  permission: string | null;
  allowed: boolean;
  reason: string;
}

/** `mission why [RUN] [STEP]`: who was allowed or refused what, by whom, and what to do. With `--json` one line each. */
export const why: Handler = async (session, [executionId, step]) => {
  const api = await session.api();
  const { permissionChecks: checks } = await api.graphql<{ permissionChecks: CheckView[] }>(
    ACCESS_DOCUMENTS.checks,
    { executionId: executionId ?? null, step: step ?? null },
  );
  if (session.json) checks.forEach((check) => session.result(check, String));
  else if (checks.length === 0) session.note(nothing(executionId, step));
  else session.result(checks, () => sentences(session, checks, executionId));
  return EXIT.done;
};

function nothing(run: string | undefined, step: string | undefined): string {
  if (run === undefined) return 'nothing was refused outside of runs';
  return step === undefined
    ? `nothing is recorded of the run ${run}: records are kept as long as logs`
    : `nothing is recorded of the step ${step}: it was refused nothing, or it did not run`;
}

function sentences(session: Session, checks: CheckView[], run: string | undefined): string {
  const lines = checks.map((check) => {
    const word = check.allowed
      ? session.paint('green', 'was allowed')
      : session.paint('red', 'was refused');
    return `${when(check.at)}  ${check.actor} ${word} ${deed(check)}${placeOf(check, run)}. ${check.reason}`;
  });
  const refused = checks.filter(({ allowed }) => !allowed).length;
  if (refused === 0 && run !== undefined) lines.push('Nothing was refused.');
  return lines.join('\n');
}

function deed({ action, target, permission }: CheckView): string {
  const right = permission === null ? '' : ` (${permission})`;
  switch (action) {
    case 'start':
      return `to start ${target.replace('directive:', '')}${right}`;
    case 'approval':
      return `to decide ${target}${right}`;
    case 'tool':
      return `to have the tool ${target} called${right}`;
    case 'request':
      return `a request${right}`;
    default:
      return permission === null ? `what ${target} needs` : `${permission} for ${target}`;
  }
}

/** The step, and the run where it is not the one that was asked for. */
function placeOf({ stepPath, iteration, executionId, target }: CheckView, run?: string): string {
  const step = stepPath === null || stepPath === target ? '' : ` at ${stepPath}`;
  const at = iteration ? ` [${iteration}]` : '';
  const other = executionId === null || executionId === run ? '' : ` in run ${executionId}`;
  return step + at + other;
}
