import { approveSteps, unanswerableReason, unanswerableSteps } from '../plan/steps/approvers.js';
import type { Rule } from './subject.js';

/**
 * Reports approval requests that too few people can answer. Without known approvers it reports each request that the starter of the run cannot answer.
 */
export const nobodyApproves: Rule = (subject) => {
  const { plan, catalog } = subject;
  if (!catalog.approvers) return othersApprove(subject);
  const { people, starter } = catalog.approvers;
  for (const step of unanswerableSteps(plan, people, starter)) {
    const { message, hint } = unanswerableReason(step, starter);
    const text = `nobody can approve "${step.name}": ${message}`;
    subject.add('no_approver', subject.at(step, 'approve'), text, hint);
  }
};

const othersApprove: Rule = (subject) => {
  for (const step of approveSteps(subject.plan)) {
    if (step.self_approval) continue;
    const message = `the actor who starts the run cannot approve "${step.name}"; if only one person has an API key, nobody can`;
    const hint =
      'write self_approval: true in its approve, or suppress this finding if others are meant to decide';
    subject.add('others_approve', subject.at(step, 'approve'), message, hint);
  }
};
