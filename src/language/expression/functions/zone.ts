import { cached } from '../runtime/cache.js';
import { Fault } from '../runtime/fault.js';

const DAY_MS = 86_400_000;

/** Formatter of local time in a zone. @throws Fault for an unknown zone */
const clockOf = cached((zone: string): Intl.DateTimeFormat => {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    const shown = JSON.stringify(zone.slice(0, 60));
    throw new Fault(`there is no time zone ${shown}: write a name such as Europe/Berlin, or UTC`);
  }
}, 10_000);

/** Checks the name of a zone. @throws Fault for an unknown zone */
export const checkZone = (zone: string): void => void clockOf(zone);

/** Local time in a zone at an instant, in milliseconds since 1970 as if it were UTC. */
export function toWallClock(time: number, zone: string): number {
  return time + offsetAt(time, zone);
}

/**
 * Converts local time in a zone to an instant. Of two possible instants it returns the earlier one. A local time that a
 * daylight saving change skips is moved forward by the length of the gap.
 */
export function fromWallClock(clock: number, zone: string): number {
  const [before, after] = [offsetAt(clock - DAY_MS, zone), offsetAt(clock + DAY_MS, zone)];
  for (const offset of [before, after]) {
    if (offsetAt(clock - offset, zone) === offset) return clock - offset;
  }
  return clock - before;
}

/** Lead of local time in a zone over UTC, in milliseconds. */
export function offsetAt(time: number, zone: string): number {
  if (zone === 'UTC') return 0;
  const parts = clockOf(zone).formatToParts(time);
  const part = (type: string): number => Number(parts.find((each) => each.type === type)!.value);
  const shown = new Date(0);
  shown.setUTCFullYear(part('year'), part('month') - 1, part('day'));
  shown.setUTCHours(part('hour'), part('minute'), part('second'));
  return shown.getTime() - Math.floor(time / 1000) * 1000;
}
