import type { Json, JsonObject } from '../json/json.js';
import type { InputSpec } from '../plan.js';
import type { StepPlace } from './place.js';

/** What people are asked: to approve something, or to help whoever is stuck, needs another to decide, or shows its work. */
export const HELP_KINDS = ['stuck', 'escalate', 'checkpoint'] as const;
export const REQUEST_KINDS = ['approval', ...HELP_KINDS] as const;

export type HelpKind = (typeof HELP_KINDS)[number];
export type RequestKind = (typeof REQUEST_KINDS)[number];

/** `answered`: a request for help has its answer. */
export const APPROVAL_STATUSES = [
  'pending',
  'approved',
  'denied',
  'answered',
  'expired',
  'cancelled',
] as const;

export type ApprovalStatus = (typeof APPROVAL_STATUSES)[number];

export const DECISIONS = ['approved', 'denied'] as const;

export type Decision = (typeof DECISIONS)[number];

/** One person's answer. */
export interface Vote {
  actor: string;
  decision: Decision;
  comment: string | null;
  form: JsonObject;
  /** Time of the vote, ISO-8601. */
  at: string;
}

/** The request that an `approve` step opens, or a conversation that goes round in circles. */
export interface ApprovalRequest extends StepPlace {
  /** Absent = an approval. */
  kind?: RequestKind;
  step: string;
  /** Text of the question. */
  description: string;
  /** Actors and roles that may decide; empty = everybody with the right to decide. */
  who: string[];
  quorum: number;
  self_approval: boolean;
  form: Record<string, InputSpec>;
  /** The steps that the approval guards, with their targets and arguments, as far as these are known; null = not told. */
  shows: Json;
  /** SHA-256 of what is asked, see `approvalHash`. A decision holds for this and nothing else. */
  hash: string;
  /** Time of expiry, in epoch milliseconds. */
  expires_ms: number;
}

/** The result of an approval request. */
export interface ApprovalAnswer extends JsonObject {
  status: Exclude<ApprovalStatus, 'pending'>;
  by: string | null;
  comment: string | null;
  form: JsonObject;
  /** The hash of what was decided; null, or absent in messages of older versions, where it is not known. */
  hash: string | null;
}
