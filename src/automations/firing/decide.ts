import type { AutomationSpec, OccurrenceStatus } from '../../contracts/run/automation.js';
import { type Calendar, excluding } from '../schedule/calendar.js';

/** What is later than this is called late. */
const LATE_MS = 15_000;

/** What a decision depends on, as it is when something comes due. */
export interface Situation {
  spec: AutomationSpec;
  enabled: boolean;
  /** Why it is paused. */
  pauseNote: string | null;
  /** Who stopped all automation, and why. */
  stop: { actor: string; reason: string } | undefined;
  calendars: readonly Calendar[];
  /** An open run of the automation, which ends later. */
  open: string | undefined;
  /** Occurrences that wait already. */
  queued: number;
  /** Milliseconds since 1970, as `due` is. */
  now: number;
}

export interface Verdict {
  status: OccurrenceStatus;
  cause?: string;
}

/** Decides what becomes of something that is due, at the time when it is noticed. */
export function decide(due: number, situation: Situation): Verdict {
  return (
    whilePaused(situation) ??
    onCalendar(due, situation) ??
    tooLate(due, situation) ??
    besideOpenRun(situation) ??
    inTime(due, situation)
  );
}

function whilePaused({ spec, enabled, pauseNote, stop }: Situation): Verdict | undefined {
  const why = stop
    ? `${stop.actor} stopped all automation: ${stop.reason}`
    : `the automation is paused: ${pauseNote ?? 'no reason was given'}`;
  if (!stop && enabled) return undefined;
  return { status: spec.while_paused === 'queue' ? 'queued' : 'skipped_pause', cause: why };
}

function onCalendar(due: number, { spec, calendars }: Situation): Verdict | undefined {
  const name = excluding(calendars, spec.timezone, due);
  return name === undefined
    ? undefined
    : { status: 'skipped_calendar', cause: `the calendar ${name} excludes this time` };
}

function tooLate(due: number, { spec, now }: Situation): Verdict | undefined {
  const seconds = (now - due) / 1_000 - spec.jitter_seconds;
  if (seconds <= spec.catch_up_seconds) return undefined;
  const cause = `nothing looked at it for ${spanOf(now - due)} after it was due, more than catch_up_seconds: ${spec.catch_up_seconds}`;
  return { status: 'missed', cause };
}

function besideOpenRun({ spec, open, queued }: Situation): Verdict | undefined {
  const { overlap } = spec;
  if (open === undefined || ['allow_all', 'cancel_other', 'terminate_other'].includes(overlap))
    return undefined;
  const cause = `the run ${open} was still open, and overlap is ${overlap}`;
  const waits = overlap === 'buffer_all' || (overlap === 'buffer_one' && queued === 0);
  return { status: waits ? 'queued' : 'skipped_overlap', cause };
}

function inTime(due: number, { spec, now }: Situation): Verdict {
  const late = now - due - spec.jitter_seconds * 1_000;
  if (late <= LATE_MS) return { status: 'fired' };
  return { status: 'late', cause: `it was noticed ${spanOf(now - due)} after it was due` };
}

function spanOf(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`;
}
