import type { JsonObject } from '../json/json.js';
import type { InputSpec } from '../plan.js';
import type { StepPlace } from './place.js';

export const APPROVAL_STATUSES = ['pending', 'approved', 'denied', 'expired', 'cancelled'] as const;

export type ApprovalStatus = (typeof APPROVAL_STATUSES)[number];

export const DECISIONS = ['approved', 'denied'] as const;

export type Decision = (typeof DECISIONS)[number];

/** One person's answer. */
export interface Vote {
  actor: string;
  decision: Decision;
  comment: string | null;
  form: JsonObject;
  /** ISO-8601. */
  at: string;
}

/** What an `approve` step asks. */
export interface ApprovalRequest extends StepPlace {
  step: string;
  /** What is asked. */
  description: string;
  /** Actors and roles; empty = everybody who may decide. */
  who: string[];
  quorum: number;
  self_approval: boolean;
  form: Record<string, InputSpec>;
  /** Epoch milliseconds. */
  expires_ms: number;
}

/** How it ended. */
export interface ApprovalAnswer extends JsonObject {
  status: Exclude<ApprovalStatus, 'pending'>;
  by: string | null;
  comment: string | null;
  form: JsonObject;
}
