import { chanceOfAtLeast, scoreOf, usualOf } from './robust.js';

/** Runs of one directive that ended, in and before the time that is looked at. */
export interface DirectiveRuns {
  directive: string;
  /** Milliseconds of the successful runs now and before. */
  durations: { now: readonly number[]; before: readonly number[] };
  ends: { now: Ends; before: Ends };
  /** Runs begun: now, and in each earlier span of the same length, those without a run included. */
  volume: { now: number; before: readonly number[] };
  /** USD spent: now, and in each earlier span of the same length. */
  spend: { now: number; before: readonly number[] };
}

export interface Ends {
  runs: number;
  errors: number;
}

/** Something that is far from what is usual, with the numbers that say so. */
export interface Anomaly {
  kind: 'anomaly_duration' | 'anomaly_failures' | 'anomaly_volume' | 'anomaly_spend';
  directive: string;
  message: string;
  observed: number;
  usual: number;
  /** Spreads above the median; for failures the probability of so many by chance. */
  score: number;
  /** Values that the usual was computed from. */
  evidence: number;
}

/** Fewer values than this are no history. */
const LEAST_HISTORY = 20;
/** Spreads above the median from which something is odd. */
const ODD = 6;
const UNLIKELY = 1e-4;
const LEAST_ERRORS = 3;
const LEAST_VOLUME = 20;
const LEAST_MS = 1_000;
const LEAST_USD = 0.1;

/** Everything odd about the runs of one directive. */
export function anomaliesOf(runs: DirectiveRuns): Anomaly[] {
  return [slow(runs), failing(runs), busy(runs), costly(runs)].flatMap((each) => each ?? []);
}

function slow({ directive, durations: { now, before } }: DirectiveRuns): Anomaly | undefined {
  if (now.length === 0 || before.length < LEAST_HISTORY) return undefined;
  const usual = usualOf(before);
  const { median: observed } = usualOf(now);
  const score = scoreOf(observed, usual);
  if (score < ODD || observed < 2 * usual.median || observed < LEAST_MS) return undefined;
  const message = `Runs of ${directive} take ${ms(observed)} now; ${ms(usual.median)} is usual (${before.length} runs).`;
  return found('anomaly_duration', {
    directive,
    message,
    observed,
    usual: usual.median,
    score,
    evidence: before.length,
  });
}

function failing({ directive, ends: { now, before } }: DirectiveRuns): Anomaly | undefined {
  if (now.errors < LEAST_ERRORS || before.runs < LEAST_HISTORY) return undefined;
  const rate = (before.errors + 1) / (before.runs + 2);
  const score = chanceOfAtLeast(now.errors, now.runs, rate);
  if (score > UNLIKELY) return undefined;
  const message = `${now.errors} of ${now.runs} runs of ${directive} failed; ${before.errors} of ${before.runs} before.`;
  const observed = now.errors / now.runs;
  return found('anomaly_failures', {
    directive,
    message,
    observed,
    usual: rate,
    score,
    evidence: before.runs,
  });
}

function busy({ directive, volume: { now, before } }: DirectiveRuns): Anomaly | undefined {
  const verdict = rise(now, before, LEAST_VOLUME);
  if (!verdict) return undefined;
  const message = `${now} runs of ${directive} began; ${round(verdict.usual)} are usual in this time.`;
  return found('anomaly_volume', { directive, message, ...verdict });
}

function costly({ directive, spend: { now, before } }: DirectiveRuns): Anomaly | undefined {
  const verdict = rise(now, before, LEAST_USD);
  if (!verdict) return undefined;
  const message = `Runs of ${directive} spent ${round(now)} USD; ${round(verdict.usual)} USD are usual in this time.`;
  return found('anomaly_spend', { directive, message, ...verdict });
}

function rise(now: number, before: readonly number[], least: number) {
  if (before.length < LEAST_HISTORY || now < least) return undefined;
  const usual = usualOf(before);
  // Where most spans have nothing, the median says nothing: the highest one stands for what is usual.
  const high = usual.median === 0 ? Math.max(...before) : usual.median;
  const score = usual.median === 0 ? now / Math.max(high, least / 3) : scoreOf(now, usual);
  const isOdd =
    usual.median === 0 ? now > 3 * Math.max(high, least / 3) : score >= ODD && now > 3 * high;
  return isOdd ? { observed: now, usual: high, score, evidence: before.length } : undefined;
}

const found = (kind: Anomaly['kind'], rest: Omit<Anomaly, 'kind'>): Anomaly => ({ kind, ...rest });

const ms = (value: number): string =>
  value < 10_000 ? `${Math.round(value)} ms` : `${Math.round(value / 1_000)} s`;
const round = (value: number): number => Math.round(value * 100) / 100;
