import { Temporal } from 'temporal-polyfill';
import type { DueTime, FoldRule, GapRule } from './due-rule.js';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/**
 * The instants at which clocks of a zone show the given minutes of a day.
 * On a day without a change of the clocks this is plain addition.
 */
export function instantsOf(
  day: Temporal.PlainDate,
  zone: string,
  minutes: readonly number[],
  rules: { gap: GapRule; fold: FoldRule },
): DueTime[] {
  const start = day.toZonedDateTime({ timeZone: zone, plainTime: '00:00' });
  const from = start.epochMilliseconds;
  if (isPlain(day, start)) return minutes.map((minute) => ({ at: from + minute * MINUTE_MS }));
  return minutes.flatMap((minute) => instantsAt(day, zone, minute, rules));
}

/** True when the day begins at midnight and has 24 hours. */
function isPlain(day: Temporal.PlainDate, start: Temporal.ZonedDateTime): boolean {
  const next = day
    .add({ days: 1 })
    .toZonedDateTime({ timeZone: start.timeZoneId, plainTime: '00:00' });
  return (
    start.hour === 0 &&
    start.minute === 0 &&
    start.offsetNanoseconds === next.offsetNanoseconds &&
    next.epochMilliseconds - start.epochMilliseconds === DAY_MS
  );
}

function instantsAt(
  day: Temporal.PlainDate,
  zone: string,
  minute: number,
  { gap, fold }: { gap: GapRule; fold: FoldRule },
): DueTime[] {
  const wanted = day.toPlainDateTime({ hour: Math.floor(minute / 60), minute: minute % 60 });
  const first = wanted.toZonedDateTime(zone, { disambiguation: 'earlier' });
  const second = wanted.toZonedDateTime(zone, { disambiguation: 'later' });
  if (!first.toPlainDateTime().equals(wanted)) {
    // The earlier reading lies before the gap, so that the next change of the clocks is the gap's end.
    const end = gap === 'skip' ? null : first.getTimeZoneTransition('next');
    return end ? [{ at: end.epochMilliseconds, note: 'gap' }] : [];
  }
  const at = first.epochMilliseconds;
  const again = second.epochMilliseconds;
  if (at === again) return [{ at }];
  const copies: DueTime[] = [{ at, note: 'first_copy' }];
  if (fold === 'both') copies.push({ at: again, note: 'second_copy' });
  return copies;
}
