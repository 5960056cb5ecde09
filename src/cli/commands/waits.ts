import type { Plan } from '../../contracts/plan.js';
import type { ApiClient } from '../client/api-client.js';
import { DOCUMENTS } from '../client/documents.js';
import { placeOf, when } from '../render/run.js';
import type { ApprovalView, RunView, StepView } from '../client/views.js';

/** Descriptions of what each waiting step waits for, by the step's place. */
export type Waits = ReadonlyMap<string, string>;

const MOST = 100;

/** Describes the waits of a run; it queries the API only where a step waits. */
export async function waitsOf(
  api: ApiClient,
  run: RunView,
  steps: readonly StepView[],
): Promise<Waits> {
  const waiting = steps.filter(({ status }) => status === 'WAITING');
  const [asked, written] = await Promise.all([
    waiting.some(({ kind }) => kind === 'approve') ? questionsOf(api, run.id) : [],
    waiting.some(({ kind }) => kind === 'wait') ? awaitedIn(api, run) : new Map<string, string>(),
  ]);
  const texts = waiting.map((step) => {
    const question = asked.find(
      ({ path, iteration }) => path === step.path && iteration === (step.iteration ?? ''),
    );
    const text = question ? asks(question) : written.get(step.path);
    return [placeOf(step), text ?? otherwise(step)] as const;
  });
  return new Map(texts);
}

async function questionsOf(api: ApiClient, executionId: string): Promise<ApprovalView[]> {
  const { approvals } = await api.graphql<{ approvals: { nodes: ApprovalView[] } }>(
    DOCUMENTS.approvals,
    { status: 'pending', executionId, first: MOST },
  );
  return approvals.nodes;
}

function asks({ id, who, votes, quorum, expiresAt }: ApprovalView): string {
  const people =
    Array.isArray(who) && who.length > 0 ? who.join(', ') : 'everybody who has the right to decide';
  const count = quorum > 1 ? ` (${votes.length} of ${quorum})` : '';
  const until = expiresAt === null ? '' : ` until ${when(expiresAt)}`;
  return `waits for approval by ${people}${count}${until}: mission approvals approve|deny ${id.slice(0, 8)}`;
}

/** The descriptions of all steps in the plan, by path. */
async function awaitedIn(
  api: ApiClient,
  { directiveName: name, directiveVersion: version }: RunView,
): Promise<Map<string, string>> {
  const { directive } = await api.graphql<{ directive: { plan: Plan | null } | null }>(
    DOCUMENTS.plan,
    { name, version },
  );
  if (!directive?.plan) return new Map();
  const { stepPositions } = await import('../../language/plan/steps/step-positions.js');
  const { specOf } = await import('../../language/plan/kinds.js');
  const all = [...stepPositions(directive.plan).values()].map(({ steps, index }) => steps[index]!);
  return new Map(all.map((step) => [step.path, `waits for ${specOf(step).summary(step)}`]));
}

const otherwise = ({ kind, childId }: StepView): string =>
  childId ? `waits for run ${childId}` : kind === 'approve' ? 'waits for approval' : 'waits';
