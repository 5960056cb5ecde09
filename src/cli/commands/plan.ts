import type { PlanEstimate } from '../../language/estimate.js';
import type { Plan } from '../../contracts/plan.js';
import { checkFile, checkText, noteDiagnostics, type CheckedFile } from '../checked-file.js';
import { CliError, EXIT } from '../cli-error.js';
import type { Handler } from '../command-spec.js';
import { duration } from '../render/duration.js';
import { renderSteps } from '../render/plan.js';
import { table } from '../render/table.js';
import type { Session } from '../session.js';
import { isFile } from '../target.js';
import { Workshops, type Workshop } from '../workshop.js';

/** `mission plan FILE|NAME`: what a run would do, without running it. */
export const plan: Handler = async (session, [target]) => {
  const shop = await new Workshops(session).of(isFile(target!) ? target : undefined);
  const checked = isFile(target!)
    ? await checkFile(session, shop, target!)
    : await checkNamed(shop, target!);
  if (!session.json || !checked.plan) noteDiagnostics(session, checked);
  if (checked.plan) await tell(session, shop, checked, checked.plan);
  else if (session.json) session.result(toJson(checked), String);
  return checked.plan ? EXIT.done : EXIT.failed;
};

async function checkNamed(shop: Workshop, name: string): Promise<CheckedFile> {
  const found = await shop.library.directive(name);
  if (found) return checkText(shop, found.file, found.text);
  const known = (await shop.library.directives()).map((each) => each.name).join(', ');
  throw new CliError(
    EXIT.usage,
    'not_found',
    `there is no directive ${name} here`,
    `there are ${known}`,
  );
}

const toJson = ({ file, valid, diagnostics }: CheckedFile) => ({ file, valid, diagnostics });

async function tell(session: Session, shop: Workshop, checked: CheckedFile, found: Plan) {
  const { estimatePlan } = await import('../../language/estimate.js');
  const estimate = estimatePlan(found, shop.catalog);
  session.result({ ...toJson(checked), ...estimate, plan: found }, () =>
    [
      heading(session, found, estimate),
      stepTable(found, estimate),
      worstCase(found, estimate),
    ].join('\n\n'),
  );
}

function heading(
  session: Session,
  found: Plan,
  { rights, servers, secrets }: PlanEstimate,
): string {
  const granted =
    found.permissions === null ? 'those of whoever starts it' : list(found.permissions);
  return [
    `${session.paint('bold', found.name)}@${found.directive_version}`,
    ...(found.description ? [found.description] : []),
    `granted   ${granted}`,
    `needed    ${list(rights)}`,
    ...(servers.length > 0 ? [`servers   ${list(servers)}`] : []),
    ...(secrets.length > 0 ? [`secrets   ${list(secrets)}`] : []),
  ].join('\n');
}

const stepTable = (found: Plan, { steps }: PlanEstimate) =>
  renderSteps(found, new Map(steps.map(({ path, runs }) => [path, runs])));

function worstCase(found: Plan, { activities, worst_seconds }: PlanEstimate): string {
  const { planned, traced } = activities;
  const rows = [
    ['as planned', count(planned.usual), count(planned.worst)],
    ['with trace: step', count(traced.usual), count(traced.worst)],
  ];
  const time = `At most ${duration(worst_seconds * 1000)}; the limit is ${duration(found.limits.duration_seconds * 1000)}.`;
  return `${table(['ACTIVITIES', 'IF ALL GOES WELL', 'AT MOST'], rows)}\n${time}`;
}

const count = (activities: number) => activities.toLocaleString('en');

const list = (names: string[]) => names.join(', ') || 'none';
