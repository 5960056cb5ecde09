import type { StepError } from './errors.js';
import type { Json, JsonObject } from './json/json.js';

/** The actor of what the platform does by itself. */
export const KERNEL_ACTOR = 'system:kernel';

export const EXECUTION_STATUSES = [
  'pending',
  'running',
  'paused',
  'success',
  'error',
  'cancelled',
] as const;
export type ExecutionStatus = (typeof EXECUTION_STATUSES)[number];

export const STEP_STATUSES = [
  'pending',
  'running',
  'waiting',
  'success',
  'error',
  'skipped',
  'cancelled',
] as const;
export type StepStatus = (typeof STEP_STATUSES)[number];

export const TRIGGERS = [
  'manual',
  'schedule',
  'alert',
  'event',
  'parent',
  'rerun',
  'system',
] as const;
export type Trigger = (typeof TRIGGERS)[number];

/** The final status of a run, with its result or error. */
export interface Outcome {
  status: 'success' | 'error' | 'cancelled';
  result?: Json;
  error?: StepError;
}

/** One run (a row of `directive_executions`). Times are ISO-8601 UTC. */
export interface Execution {
  id: string;
  directive_name: string;
  directive_version: string;
  plan_hash: string;
  status: ExecutionStatus;
  triggered_by: Trigger;
  actor: string;
  inputs: JsonObject;
  result: Json;
  error: StepError | null;
  created_at: string;
  started_at: string | null;
  completed_at: string | null;
  duration_ms: number | null;
  parent_id: string | null;
  root_id: string;
  rerun_of: string | null;
}

/** One row of the step journal, which is also the timeline. */
export interface StepRun {
  run_id: string;
  path: string;
  /** Iteration indices of the loops around the step, outermost first, joined by `.`; empty outside loops. */
  iteration: string;
  name: string;
  kind: string;
  status: StepStatus;
  attempt: number;
  fused: boolean;
  inputs: Json;
  result: Json;
  error: StepError | null;
  started_at: string | null;
  completed_at: string | null;
  duration_ms: number | null;
}
