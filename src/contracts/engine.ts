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
} as const;
