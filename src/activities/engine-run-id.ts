import { activityInfo } from '@temporalio/activity';

/** The id that Temporal gave to the workflow execution that called this activity. */
export const engineRunId = (): string => activityInfo().workflowExecution!.runId;
