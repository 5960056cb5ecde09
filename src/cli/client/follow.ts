import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from './api-client.js';
import { CliError, EXIT } from '../terminal/cli-error.js';
import { DOCUMENTS } from './documents.js';
import { openFeed, type Feed } from './feed.js';
import type { RunView, StepEvent, StepView } from './views.js';

const FIRST_POLL_MS = 50;
const POLL_MS = 1_000;
const POLL_WITH_FEED_MS = 3_000;
const GIVE_UP_MS = 300_000;

/** A sleep that `ring` ends early. */
class Bell {
  private timer = new AbortController();

  ring(): void {
    this.timer.abort();
  }

  async wait(ms: number, signal: AbortSignal): Promise<void> {
    const either = AbortSignal.any([signal, this.timer.signal]);
    await sleep(ms, undefined, { signal: either }).catch(() => undefined);
    this.timer = new AbortController();
    signal.throwIfAborted();
  }
}

/** True when a run has ended. */
export const hasEnded = ({ status }: { status: string }) =>
  status === 'SUCCESS' || status === 'ERROR' || status === 'CANCELLED';

/** The callbacks of a follower. Each state of a step is reported once. */
export interface Follower {
  onStep(step: StepEvent): void;
  /** Called when the API becomes unreachable or reachable again. */
  onContact(reachable: boolean): void;
  /** Stops following when it is aborted; its reason is thrown. */
  signal: AbortSignal;
}

/**
 * Follows a run to its end and returns its last state. The socket delivers
 * changes at once, and polling finds those that it missed, across a restart of
 * the API.
 * @throws CliError when the API does not answer for five minutes
 */
export async function followRun(api: ApiClient, id: string, follower: Follower): Promise<RunView> {
  const feed = openFeed(api.connection);
  const bell = new Bell();
  const onStep = withoutRepetition(follower.onStep);
  let isComplete = false;
  feed.subscribe<{ stepUpdated: StepEvent }>(
    DOCUMENTS.stepUpdated,
    { id },
    {
      data: ({ stepUpdated }) => onStep(stepUpdated),
      complete: () => (isComplete = true),
    },
  );
  feed.subscribe(
    DOCUMENTS.runUpdated,
    { id },
    {
      data: () => undefined,
      complete: () => bell.ring(),
    },
  );
  try {
    const run = await poll(api, id, follower, feed, bell);
    if (!isComplete) await reportSteps(api, id, onStep);
    return run;
  } finally {
    feed.close();
  }
}

/**
 * Reports each state of a step once, whether it comes from the socket or a
 * query. A query does not carry the progress, so that it has no news about a
 * running step that was reported.
 */
function withoutRepetition(onStep: Follower['onStep']): Follower['onStep'] {
  const reported = new Map<string, { state: string; progress: string | undefined }>();
  return (news) => {
    const { progress, ...step } = news;
    const key = `${step.path} ${step.iteration ?? ''}`;
    const now = {
      state: JSON.stringify(step),
      progress: step.status === 'RUNNING' && progress ? JSON.stringify(progress) : undefined,
    };
    const last = reported.get(key);
    const sameProgress = now.progress === undefined || now.progress === last?.progress;
    if (last?.state === now.state && sameProgress) return;
    reported.set(key, now);
    onStep(news);
  };
}

async function poll(
  api: ApiClient,
  id: string,
  follower: Follower,
  feed: Feed,
  bell: Bell,
): Promise<RunView> {
  let away = 0;
  for (let delay = FIRST_POLL_MS; ; delay = Math.min(delay * 2, POLL_MS)) {
    const run = await fetchRun(api, id).catch(tolerate);
    if (run && hasEnded(run)) return run;
    if (!run !== away > 0) follower.onContact(run !== undefined);
    away = run ? 0 : away + delay;
    if (away > GIVE_UP_MS) throw gone(api.connection.url, id);
    await bell.wait(run && feed.connected ? POLL_WITH_FEED_MS : delay, follower.signal);
  }
}

/**
 * Fetches one run.
 * @throws CliError `not_found` when there is none
 */
export async function fetchRun(api: ApiClient, id: string): Promise<RunView> {
  const { execution } = await api.graphql<{ execution: RunView | null }>(DOCUMENTS.run, { id });
  if (execution) return execution;
  throw new CliError(
    EXIT.usage,
    'not_found',
    `there is no run ${id}`,
    'see mission executions list',
  );
}

/** Fetches the first thousand steps of a run, in the order of the timeline. */
export async function fetchSteps(api: ApiClient, id: string): Promise<StepView[]> {
  const { execution } = await api.graphql<{ execution: { steps: StepView[] } | null }>(
    DOCUMENTS.steps,
    {
      id,
    },
  );
  return execution?.steps ?? [];
}

/**
 * Reports the steps that the socket missed. The run has ended, so that a
 * failure here only loses progress lines.
 */
async function reportSteps(api: ApiClient, id: string, onStep: Follower['onStep']): Promise<void> {
  const steps = await fetchSteps(api, id).catch(() => []);
  steps.forEach(onStep);
}

function tolerate(error: unknown): undefined {
  if (!(error instanceof CliError && error.exit === EXIT.unreachable)) throw error;
}

const gone = (url: string, id: string) =>
  new CliError(
    EXIT.unreachable,
    'unavailable',
    `${url} has not answered for five minutes; run ${id} continues once Mission Control is up again`,
    `follow the run with mission executions watch ${id}`,
  );
