/** The Temporal names that the API, the workers and the supervisor share. */
export const TASK_QUEUE = 'mission-control';

/** Search attributes of every run, all of type Keyword. */
export const SEARCH_ATTRIBUTES = {
  directive: 'MissionDirective',
  status: 'MissionStatus',
  triggeredBy: 'MissionTriggeredBy',
  root: 'MissionRoot',
} as const;

/** Payload of the outbox notification for runs that queue for, or release, a slot of their concurrency key. */
export const SLOTS_HINT = 'slots';

/** Postgres NOTIFY channels. Payloads are hints: every listener also polls. */
export const CHANNELS = {
  outbox: 'mission_outbox',
  observation: 'mission_observation',
  watching: 'mission_watching',
  mcp: 'mission_mcp',
  secrets: 'mission_secrets',
  threads: 'mission_threads',
} as const;

/** The workflow type of threads. No directive has this name, because a directive's name has no capital letter. */
export const THREAD_WORKFLOW = 'Thread';
/** The signal that makes the workflow of a thread look at its messages. */
export const THREAD_SIGNAL = 'look';

export const threadWorkflowId = (threadId: string): string => `thread-${threadId}`;

/** The workflow type that schedules start. No directive has this name. */
export const FIRE_WORKFLOW = 'FireAutomation';
