import type { ApprovalAnswer, ApprovalRequest } from '../contracts/run/approval.js';
import type { StepPlace } from '../contracts/run/place.js';
import type { EventWait } from '../runs/events.js';
import type { ActivityServices } from './activity-services.js';

/** Activities of steps that wait for an event or for a person's decision. */
export const waitActivities = ({ events, approvals }: ActivityServices) => ({
  'events.listen': (wait: EventWait): Promise<void> => events.listen(wait),

  'approvals.ask': (runId: string, request: ApprovalRequest): Promise<ApprovalAnswer | undefined> =>
    approvals.ask(runId, request),

  'approvals.expire': (runId: string, place: StepPlace): Promise<ApprovalAnswer> =>
    approvals.expire(runId, place),
});
