import {
  type Client,
  WorkflowExecutionAlreadyStartedError,
  type WorkflowStartOptions,
} from '@temporalio/client';
import {
  SearchAttributeType,
  TypedSearchAttributes,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
} from '@temporalio/common';
import { SEARCH_ATTRIBUTES } from '../../contracts/engine.js';
import type { Json, JsonObject } from '../../contracts/json/json.js';
import type { Trigger } from '../../contracts/execution.js';
import type { Plan } from '../../contracts/plan.js';
import type { Seed } from '../../contracts/run/rerun.js';
import { effectiveRights, stepRightsOf } from '../../contracts/run/run-rights.js';
import type { RunBounds } from '../../contracts/run/spent.js';
import type { RunInput } from '../../contracts/run/run-input.js';
import type { ThreadPlace } from '../../contracts/thread.js';
import type { ShadowOrder } from '../../contracts/run/shadow.js';
import type { Blobs } from '../values/blobs.js';
import type { Plans } from '../values/plans.js';
import { type EngineIdentity, engineIdOf } from '../../contracts/run/engine-id.js';

/** The columns of a run that its start needs. */
export interface StartableRun extends EngineIdentity {
  directive_version: string;
  plan_hash: string;
  triggered_by: Trigger;
  actor: string;
  inputs: JsonObject;
  root_id: string;
  /** The limits, rights and deadline that the parent leaves to a child run; null for any other run. */
  bounds: RunBounds | null;
  /** The rights of the speaker; null = everything. */
  rights: string[] | null;
  /** A `Seed` for a re-run that begins in the middle, a `ShadowOrder` for a shadow run, else null. */
  seed: Json;
  shadow_of: string | null;
  /** The conversation and its message that the run answers; null for any other run. */
  thread_id: string | null;
  message_id: string | null;
  created_at: Date;
}

/** The circumstances of a start. */
export interface StartOptions {
  /** Temporal has lost the workflow, so the journal may hold finished steps. */
  recovered: boolean;
  /** The run's cancellation was requested before this start. */
  cancelled: boolean;
  /** Number of pauses and resumes so far; an odd number means that the run is paused. */
  pauses: number;
  searchable: boolean;
  taskQueue: string;
}

/** Seconds that Temporal's execution timeout exceeds the run's own limits: it acts only if the interpreter fails to end the run. */
const GRACE_SECONDS = 600;

/** Epoch milliseconds at which the run's time is over; a child's time is over with its parent's. */
const deadlineOf = (now: Date, { limits }: Plan, bounds: RunBounds | null): number =>
  Math.min(now.getTime() + limits.duration_seconds * 1000, bounds?.deadline_ms ?? Infinity);

/** Seconds that a run's ending (compensation and `always`) may take, beyond the limit of its steps. */
const endingSeconds = (duration: number): number => Math.max(300, duration / 10);

/**
 * Starts the workflow of an accepted run, and returns Temporal's run id. A repetition is harmless: the id
 * conflict policy returns the running workflow; undefined means that the workflow has ended already.
 */
export async function startRun(
  client: Client,
  { plans, blobs }: { plans: Plans; blobs: Blobs },
  run: StartableRun,
  { recovered, cancelled, pauses, searchable, taskQueue }: StartOptions,
): Promise<string | undefined> {
  const plan = await plans.get(run.plan_hash);
  const now = new Date();
  const seed = await seedOf(blobs, run);
  const shadow = run.shadow_of === null ? undefined : (run.seed as unknown as ShadowOrder);
  const input: RunInput = {
    run: {
      id: run.id,
      directive: run.directive_name,
      trigger: run.triggered_by,
      actor: run.actor,
      attempt: 1,
      started_at: now.toISOString(),
      ...threadOf(run),
    },
    plan,
    plan_hash: run.plan_hash,
    inputs: await blobs.keep(run.inputs),
    deadline_ms: deadlineOf(now, plan, run.bounds),
    ...boundsFor(run, plan, now),
    recovered: recovered || seed !== undefined,
    ...(seed && { seed: seed.records }),
    ...(shadow && { shadow }),
    cancelled,
    pauses,
    searchable,
  };
  try {
    const handle = await client.workflow.start(
      run.directive_name,
      optionsOf(run, plan, input, taskQueue),
    );
    return handle.firstExecutionRunId;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return undefined;
    throw error;
  }
}

/** The bounds of a child run, and of every run whose speaker may not do everything that a step can do. */
function boundsFor(
  { bounds, rights }: Pick<StartableRun, 'bounds' | 'rights'>,
  plan: Plan,
  now: Date,
): { bounds?: RunBounds } {
  if (stepRightsOf(rights) === null) return bounds ? { bounds } : {};
  const outer = bounds ?? { limits: plan.limits, deadline_ms: deadlineOf(now, plan, null) };
  const declared = bounds ? bounds.permissions : plan.permissions;
  return { bounds: { ...outer, permissions: effectiveRights(declared, rights) } };
}

function threadOf({ thread_id: id, message_id }: StartableRun): { thread?: ThreadPlace } {
  return id === null || message_id === null ? {} : { thread: { id, message_id } };
}

/** The seed of a re-run: the point where it begins and the results that it takes over; undefined for any other run. */
export async function seedOf(
  blobs: Blobs,
  { seed, shadow_of }: StartableRun,
): Promise<Seed | undefined> {
  if (shadow_of !== null) return undefined;
  return ((await blobs.open(seed)) as unknown as Seed | null) ?? undefined;
}

function optionsOf(
  run: StartableRun,
  plan: Plan,
  input: RunInput,
  taskQueue: string,
): WorkflowStartOptions {
  const duration = plan.limits.duration_seconds;
  const about = {
    directive: run.directive_name,
    status: 'running',
    triggeredBy: run.triggered_by,
    root: run.root_id,
  };
  return {
    args: [input],
    taskQueue,
    workflowId: engineIdOf(run),
    workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
    workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
    workflowTaskTimeout: '5s',
    workflowExecutionTimeout: (duration + endingSeconds(duration) + GRACE_SECONDS) * 1000,
    requestEagerStart: true,
    memo: { ...about, version: run.directive_version, actor: run.actor },
    staticSummary: `${run.directive_name} ${run.directive_version}, ${run.triggered_by} by ${run.actor}`,
    ...(plan.description ? { staticDetails: plan.description } : {}),
    ...(input.searchable ? { typedSearchAttributes: attributesOf(about) } : {}),
  };
}

function attributesOf(about: Record<keyof typeof SEARCH_ATTRIBUTES, string>) {
  const keys = Object.keys(SEARCH_ATTRIBUTES) as (keyof typeof SEARCH_ATTRIBUTES)[];
  return new TypedSearchAttributes(
    keys.map((key) => ({
      key: { name: SEARCH_ATTRIBUTES[key], type: SearchAttributeType.KEYWORD },
      value: about[key],
    })),
  );
}
