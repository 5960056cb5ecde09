import type { Plan } from '../../contracts/plan.js';
import type { PlanEstimate } from '../../language/plan/estimate/estimate.js';
import { noteUnanswerable, unanswerable } from '../client/approvers.js';
import { noteDiagnostics, type CheckedFile } from '../project/checked-file.js';
import { CliError, EXIT } from '../terminal/cli-error.js';
import type { Handler } from '../client/command-spec.js';
import { type ImpactView, impactOf, orphans } from '../client/impact.js';
import { findCurrent, findPlan } from '../project/planned.js';
import { renderImpact } from '../render/impact.js';
import { renderPlan } from '../render/plan-page.js';
import { renderDiff } from '../render/plan-diff.js';
import type { Session } from '../client/session.js';
import { ProjectContexts, type ProjectContext } from '../project/project-context.js';

/**
 * `mission plan FILE|NAME`: what a run would do, without running it; `--diff
 * OLD`: what has changed.
 */
export const plan: Handler = async (session, [target], { diff, orphans: live }) => {
  if (live === true) return printOrphans(session);
  if (target === undefined) {
    throw new CliError(
      EXIT.usage,
      'usage',
      'give a file or the name of a directive',
      'see mission plan --help',
    );
  }
  const shops = new ProjectContexts(session);
  if (typeof diff === 'string') return printDiff(session, shops, diff, target);
  const { shop, checked } = await findCurrent(session, shops, target);
  if (!session.json || !checked.plan) noteDiagnostics(session, checked);
  if (checked.plan) await print(session, shop, checked, checked.plan);
  else if (session.json) session.result(toJson(checked), String);
  return checked.plan ? EXIT.done : EXIT.failed;
};

const toJson = ({ file, valid, diagnostics }: CheckedFile) => ({ file, valid, diagnostics });

async function print(session: Session, shop: ProjectContext, checked: CheckedFile, found: Plan) {
  const { estimatePlan } = await import('../../language/plan/estimate/estimate.js');
  const estimate = estimatePlan(found, shop.catalog);
  const impact = await impactOf(session, checked.source);
  const open = await unanswerable(session, found);
  if (!session.json) noteUnanswerable(session, open);
  session.result({ ...toJson(checked), ...estimate, impact, unanswerable: open, plan: found }, () =>
    [renderPlan(session, found, estimate), ...renderedImpact(session, impact)].join('\n\n'),
  );
}

const renderedImpact = (session: Session, impact: ImpactView[] | null): string[] =>
  impact && impact.length > 0 ? [renderImpact(impact, session.io.out)] : [];

async function printDiff(session: Session, shops: ProjectContexts, old: string, fresh: string) {
  const { estimatePlan } = await import('../../language/plan/estimate/estimate.js');
  const { diffPlans } = await import('../../language/plan/change/plan-diff.js');
  const plans = [
    await findPlan(session, shops, old),
    await findPlan(session, shops, fresh),
  ] as const;
  const { catalog } = await shops.of();
  const cost = plans.map((each) => estimatePlan(each, catalog)) as [PlanEstimate, PlanEstimate];
  const [before, after] = cost.map(({ steps: _, ...totals }) => totals);
  const found = diffPlans(...plans);
  session.result({ ...found, cost: { before, after } }, () =>
    renderDiff(found, cost, session.io.out),
  );
  return EXIT.done;
}

async function printOrphans(session: Session) {
  const found = await orphans(session);
  session.result({ impact: found }, () =>
    found.length > 0
      ? renderImpact(found, session.io.out)
      : 'Everything that runs in progress refer to exists.',
  );
  return found.length > 0 ? EXIT.failed : EXIT.done;
}
