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

/** A sleep that can be cut short, once for each ring. */
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

/** True when a run is over. */
export const hasEnded = ({ status }: { status: string }) =>
  status === 'SUCCESS' || status === 'ERROR' || status === 'CANCELLED';

/** What a follower wants to hear of. Each state of a step is told once. */
export interface Follower {
  onStep(step: StepEvent): void;
  /** The API cannot be reached just now, or can be again. */
  onContact(reachable: boolean): void;
  /** Aborted: stop following and throw its reason. */
  signal: AbortSignal;
}

/**
 * Follows a run to its end and gives its last state. The socket brings news at once, polling brings
 * what it missed; a restart of the API is lived through. Throws when the API is away for five minutes.
 */
export async function followRun(api: ApiClient, id: string, follower: Follower): Promise<RunView> {
  const feed = openFeed(api.connection);
  const bell = new Bell();
  const onStep = withoutRepetition(follower.onStep);
  let allTold = false;
  feed.subscribe<{ stepUpdated: StepEvent }>(
    DOCUMENTS.stepUpdated,
    { id },
    {
      data: ({ stepUpdated }) => onStep(stepUpdated),
      complete: () => (allTold = true),
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
    if (!allTold) await tellSteps(api, id, onStep);
    return run;
  } finally {
    feed.close();
  }
}

/** The same state of a step is told once, whether the socket brings it or a query. */
function withoutRepetition(onStep: Follower['onStep']): Follower['onStep'] {
  const told = new Map<string, string>();
  return (news) => {
    const { progress, ...step } = news;
    const key = `${step.path} ${step.iteration ?? ''}`;
    const state = JSON.stringify(step.status === 'RUNNING' ? [step, progress ?? null] : step);
    if (told.get(key) === state) return;
    told.set(key, state);
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

/** One run as it is now; `not_found` when there is none. */
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

/** The first thousand steps of a run, in the order of the timeline. */
export async function fetchSteps(api: ApiClient, id: string): Promise<StepView[]> {
  const { execution } = await api.graphql<{ execution: { steps: StepView[] } | null }>(
    DOCUMENTS.steps,
    {
      id,
    },
  );
  return execution?.steps ?? [];
}

/** Whatever the socket missed; the run has ended, so a failure here costs progress lines only. */
async function tellSteps(api: ApiClient, id: string, onStep: Follower['onStep']): Promise<void> {
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
    `${url} has not answered for five minutes; run ${id} goes on once it is back`,
    `follow it with mission executions watch ${id}`,
  );
