const TIME = 'at localTime note excludedBy';
const OCCURRENCE = 'id dueAt status cause note actor firedAt executionId outcome';
const AUTOMATION = `id name description directiveName triggerType schedule timezone definition source owner enabled
  pauseNote pausedBy failures nextDueAt lastExecutedAt lastSuccessAt`;

/** GraphQL operations on automations. */
export const AUTOMATION_DOCUMENTS = {
  list: `query { automations { ${AUTOMATION} } automationStop { actor reason stoppedAt } }`,
  show: `query ($name: String!) { automation(name: $name) { ${AUTOMATION} nextTimes { ${TIME} }
    occurrences(first: 10) { nodes { ${OCCURRENCE} } } } automationStop { actor reason stoppedAt } }`,
  occurrences: `query ($name: String!, $first: Int, $after: String, $status: OccurrenceStatus) {
    automation(name: $name) { occurrences(first: $first, after: $after, status: $status) {
      nodes { ${OCCURRENCE} } pageInfo { hasNextPage endCursor } } } }`,
  preview: `query ($definition: JSON!, $count: Int!) { previewAutomation(definition: $definition, count: $count) { ${TIME} } }`,
  times: `query ($name: String!, $count: Int!) { automation(name: $name) { nextTimes(count: $count) { ${TIME} } } }`,
  create: `mutation ($definition: JSON!) { createAutomation(definition: $definition) { ${AUTOMATION} nextTimes(count: 3) { ${TIME} } } }`,
  update: `mutation ($name: String!, $changes: JSON!) {
    updateAutomation(name: $name, changes: $changes) { ${AUTOMATION} nextTimes(count: 3) { ${TIME} } } }`,
  delete: `mutation ($name: String!) { deleteAutomation(name: $name) { ${AUTOMATION} } }`,
  pause: `mutation ($name: String!, $note: String) { pauseAutomation(name: $name, note: $note) { ${AUTOMATION} } }`,
  resume: `mutation ($name: String!) { resumeAutomation(name: $name) { ${AUTOMATION} } }`,
  run: `mutation ($name: String!) { runAutomation(name: $name) { ${OCCURRENCE} } }`,
  backfill: `mutation ($name: String!, $from: DateTime!, $to: DateTime!, $overlap: OverlapPolicy) {
    backfillAutomation(name: $name, from: $from, to: $to, overlap: $overlap) }`,
  stopAll: `mutation ($reason: String!) { stopAutomations(reason: $reason) }`,
  startAll: `mutation { startAutomations }`,
};

/** A time to come, as the API shows it. */
export interface TimeView {
  at: string;
  localTime: string;
  note: string | null;
  excludedBy: string | null;
}

export interface OccurrenceView {
  id: string;
  dueAt: string;
  status: string;
  cause: string | null;
  note: string | null;
  actor: string | null;
  firedAt: string | null;
  executionId: string | null;
  outcome: string | null;
}

export interface AutomationView {
  id: string;
  name: string;
  description: string;
  directiveName: string;
  triggerType: string;
  schedule: string | null;
  timezone: string;
  definition: Record<string, unknown>;
  source: string;
  owner: string;
  enabled: boolean;
  pauseNote: string | null;
  pausedBy: string | null;
  failures: number;
  nextDueAt: string | null;
  lastExecutedAt: string | null;
  lastSuccessAt: string | null;
  nextTimes?: TimeView[];
  occurrences?: { nodes: OccurrenceView[] };
}

export interface StopView {
  actor: string;
  reason: string;
  stoppedAt: string;
}
