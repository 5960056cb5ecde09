import type { Cron } from './parse-cron.js';

/** What becomes of a fixed time that clocks skip: it comes when the gap ends, or not at all. */
export const GAP_RULES = ['end', 'skip'] as const;
export type GapRule = (typeof GAP_RULES)[number];
/** What becomes of a fixed time that clocks show twice: it comes at the first copy, or at both. */
export const FOLD_RULES = ['first', 'both'] as const;
export type FoldRule = (typeof FOLD_RULES)[number];

/** When something is due: a pattern in a time zone. */
export interface DueRule {
  cron: Cron;
  /** A name of the IANA time zone database. */
  zone: string;
  gap: GapRule;
  fold: FoldRule;
}

/** A time at which something is due, in milliseconds since 1970. */
export interface DueTime {
  at: number;
  /** Set near a change of the clocks. */
  note?: ClockNote;
}

/** `gap`: its own time was skipped; `first_copy`, `second_copy`: clocks show its time twice. */
export type ClockNote = 'gap' | 'first_copy' | 'second_copy';
