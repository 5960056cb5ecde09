import type { Json } from '../../contracts/json/json.js';

/** An error of a run or a step, as the API returns it. */
export interface ErrorView {
  code: string;
  message: string;
  step: string | null;
  data: Json;
}

/** A run, as the API returns it. */
export interface RunView {
  id: string;
  directiveName: string;
  directiveVersion: string;
  status: string;
  triggeredBy: string;
  actor: string;
  inputs: Json;
  result: Json;
  error: ErrorView | null;
  createdAt: string;
  startedAt: string | null;
  completedAt: string | null;
  durationMs: number | null;
  rerunOf: string | null;
  rerunFrom: { step: string; iteration: string } | null;
  shadowOf: string | null;
  parentId: string | null;
  waitsFor: string | null;
  /** The used part of the run's limits; null while it is running. */
  spent: SpentView | null;
  temporalUrl: string | null;
}

/** The used part of a run's limits, child runs included. */
export interface SpentView {
  steps: number;
  iterations: number;
  spawns: number;
  tokens: number;
  cost_usd: number;
}

/** A question to people, as the API returns it. */
export interface ApprovalView {
  id: string;
  /** APPROVAL, or what help is asked for: STUCK, ESCALATE, CHECKPOINT. */
  kind: string;
  /** Null for a client that asks for help by itself. */
  executionId: string | null;
  askedBy: string | null;
  answer: string | null;
  step: string;
  path: string;
  iteration: string;
  description: string;
  who: Json;
  quorum: number;
  status: string;
  votes: Json[];
  /** The steps that it guards, with their targets and arguments. */
  shows: Json;
  hash: string | null;
  /** Null = it stays open. */
  expiresAt: string | null;
}

/** A step of a run, as the API returns it. */
export interface StepView {
  path: string;
  name: string;
  kind: string;
  /** Indices of the surrounding loops; empty or null outside loops. */
  iteration: string | null;
  status: string;
  attempt: number;
  fused: boolean;
  reusedFrom: string | null;
  childId: string | null;
  error: ErrorView | null;
  durationMs: number | null;
}

/** A step with its inputs, result and times. */
export interface StepDetail extends StepView {
  inputs: Json;
  result: Json;
  startedAt: string | null;
  completedAt: string | null;
}

/** A log entry, as the API returns it. */
export interface LogView {
  id: string;
  at: string;
  level: string;
  source: string;
  message: string;
  data: Json;
  executionId: string | null;
  stepPath: string | null;
  iteration: string | null;
}

/** A step, as the subscription delivers it. */
export interface StepEvent extends StepView {
  /**
   * The progress that the step's script reported; null or absent without a
   * report.
   */
  progress?: { done: number; total: number | null; message: string | null } | null;
}

/** A secret, without its value. */
export interface SecretView {
  name: string;
  source: string;
  keyId: string | null;
  updatedAt: string | null;
  updatedBy: string | null;
  usedAt: string | null;
}

/** The result of a shadow run, as the API returns it. */
export interface ShadowView {
  compared: number;
  total: number;
  differences: {
    kind: string;
    path: string;
    iteration: string;
    name: string;
    recorded: Json;
    shadow: Json;
  }[];
}
