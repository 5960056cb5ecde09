import type { JsonObject } from '../json/json.js';

export const TRIGGER_TYPES = ['schedule', 'alert', 'event'] as const;
export type TriggerType = (typeof TRIGGER_TYPES)[number];

/** What happens at a due time while an earlier run of the automation is open; Temporal's words. */
export const OVERLAP_POLICIES = [
  'skip',
  'buffer_one',
  'buffer_all',
  'cancel_other',
  'terminate_other',
  'allow_all',
] as const;
export type OverlapPolicy = (typeof OVERLAP_POLICIES)[number];

/** What happens to the due times of an automation that is paused. */
export const PAUSE_RULES = ['drop', 'queue'] as const;
export type PauseRule = (typeof PAUSE_RULES)[number];

/**
 * What became of one occurrence. `fired`, `late`, `backfilled` and `manual`
 * have a run, or are about to get one; the others will not have one, except for
 * `queued`.
 */
export const OCCURRENCE_STATUSES = [
  'fired',
  'late',
  'backfilled',
  'manual',
  'queued',
  'skipped_overlap',
  'skipped_calendar',
  'skipped_pause',
  'skipped_loop',
  'missed',
  'failed',
] as const;
export type OccurrenceStatus = (typeof OCCURRENCE_STATUSES)[number];

/** A definition of an automation, complete: defaults are filled in. Its keys are those of its YAML file. */
export interface AutomationSpec {
  name: string;
  description: string;
  directive_name: string;
  trigger_type: TriggerType;
  /** Cron expression, for the trigger `schedule`. */
  schedule?: string;
  /** A name of the IANA time zone database. */
  timezone: string;
  gap: 'end' | 'skip';
  fold: 'first' | 'both';
  days?: 'both' | 'either';
  /** Names of calendars; what is due on their days is skipped. */
  except: string[];
  /** The name of an event, for the trigger `event`. */
  event?: string;
  /** What an alert or the data of an event must be like. */
  match: JsonObject;
  /** May contain expressions over `trigger`. */
  inputs: JsonObject;
  overlap: OverlapPolicy;
  /** What is noticed later than this after it was due is missed. */
  catch_up_seconds: number;
  /** Each run starts a random part of this later, which is always the same for one due time. */
  jitter_seconds: number;
  while_paused: PauseRule;
  /** Longest time without a success, such as `26h`; then an alert is raised. */
  expect?: { success_within: string };
  enabled: boolean;
}

/** Why a run was started: the automations whose runs led to it, the last one of them its own. */
export interface RunCause {
  automation: string;
  occurrence: string;
  /** Ids of automations, oldest first. */
  chain: string[];
}
