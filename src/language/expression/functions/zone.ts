import { cached } from '../runtime/cache.js';
import { Fault } from '../runtime/fault.js';

const DAY_MS = 86_400_000;

/** Tells what a clock in a time zone shows. @throws Fault for a name that no zone has */
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

/** @throws Fault for a name that no zone has */
export const checkZone = (zone: string): void => void clockOf(zone);

/** What clocks in the zone show at an instant, as milliseconds since 1970 as if it were UTC. */
export function toWallClock(time: number, zone: string): number {
  return time + offsetAt(time, zone);
}

/**
 * The instant at which clocks in the zone show a time. Of two such instants it is the earlier one; a time that
 * clocks leap over is as much later as they leap.
 */
export function fromWallClock(clock: number, zone: string): number {
  const [before, after] = [offsetAt(clock - DAY_MS, zone), offsetAt(clock + DAY_MS, zone)];
  for (const offset of [before, after]) {
    if (offsetAt(clock - offset, zone) === offset) return clock - offset;
  }
  return clock - before;
}

/** Milliseconds by which clocks in the zone are ahead of UTC. */
export function offsetAt(time: number, zone: string): number {
  if (zone === 'UTC') return 0;
  const parts = clockOf(zone).formatToParts(time);
  const part = (type: string): number => Number(parts.find((each) => each.type === type)!.value);
  const shown = new Date(0);
  shown.setUTCFullYear(part('year'), part('month') - 1, part('day'));
  shown.setUTCHours(part('hour'), part('minute'), part('second'));
  return shown.getTime() - Math.floor(time / 1000) * 1000;
}
