import type { Approver } from '../../../contracts/approver.js';
import type { ApproveStep, Plan } from '../../../contracts/plan.js';
import { stepPositions } from './step-positions.js';

/** Actors and roles that an approval request names; empty = everybody, null = computed at run time. */
type Asked = readonly string[] | null;

/** Actors that could approve a request in a run that `starter` started. */
export function approversOf(
  who: Asked,
  selfApproval: boolean,
  people: readonly Approver[],
  starter: string,
): string[] {
  const asked = people.filter(
    ({ actor, role }) => !who || who.length === 0 || who.includes(actor) || who.includes(role),
  );
  const actors = asked.map(({ actor }) => actor);
  return [...new Set(actors)].filter((actor) => selfApproval || actor !== starter).sort();
}

/** The `approve` steps that too few of these people could approve if `starter` started the run. */
export const unanswerableSteps = (
  plan: Plan,
  people: readonly Approver[],
  starter: string,
): ApproveStep[] =>
  approveSteps(plan).filter(({ who, self_approval, quorum }) => {
    const approvers = approversOf(askedBy(who), self_approval, people, starter);
    return approvers.length < quorum;
  });

/** Every `approve` step of a plan. */
export const approveSteps = (plan: Plan): ApproveStep[] =>
  [...stepPositions(plan).values()]
    .map(({ steps, index }) => steps[index]!)
    .filter((step) => step.kind === 'approve');

/** Literal names; null when an expression may name anybody. */
function askedBy(who: ApproveStep['who']): Asked {
  const names = Array.isArray(who) ? who : [who];
  const isPlain = (name: unknown): name is string =>
    typeof name === 'string' && !name.includes('{{');
  return names.every(isPlain) ? names : null;
}

/** Why such a request cannot be approved, and the remedy. */
export function unanswerableReason(
  { self_approval, quorum }: Pick<ApproveStep, 'self_approval' | 'quorum'>,
  starter: string,
): { message: string; hint: string } {
  if (quorum > 1) {
    const message = `it needs ${quorum} approvers, but fewer of the people who may approve have an API key`;
    return { message, hint: 'lower quorum, or change "who"' };
  }
  if (self_approval) {
    return { message: 'nobody who may approve has an API key', hint: 'change "who"' };
  }
  const message = `${starter} starts the run, and nobody else who may approve has an API key`;
  return { message, hint: 'write self_approval: true in its approve' };
}
