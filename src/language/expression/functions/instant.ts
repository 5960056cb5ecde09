import type { Json } from '../../../contracts/json/json.js';
import { Fault } from '../runtime/fault.js';
import { show } from '../runtime/values.js';
import { fromWallClock } from './zone.js';

const ISO =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:?\d\d)?)?$/;

/** Bounds of the four-digit years of ISO-8601, in milliseconds since 1970. */
const FIRST = new Date(0).setUTCFullYear(1, 0, 1);
const LAST = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** True for a value that the date functions accept. */
export function isDate(value: Json): boolean {
  try {
    return Number.isFinite(instant(value));
  } catch {
    return false;
  }
}

/**
 * Parses ISO-8601 text or a number of seconds since 1970.
 * @param zone IANA time zone of a text without its own zone; UTC by default
 * @returns milliseconds since 1970
 * @throws Fault for an invalid date
 */
export function instant(value: Json, zone?: string): number {
  if (typeof value === 'number') return ofSeconds(value);
  const time = typeof value === 'string' ? parse(value.trim(), zone) : NaN;
  if (isReadable(time)) return time;
  throw new Fault(`${show(value)} is not a date: write it as 2026-01-31T12:00:00Z`);
}

/** Formats milliseconds since 1970 as ISO-8601 in UTC. @throws Fault for years outside 1 to 9999 */
export function iso(time: number): string {
  if (!isReadable(time)) throw new Fault('the date is out of range: years are 1 to 9999');
  return new Date(time).toISOString();
}

const isReadable = (time: number): boolean => time >= FIRST && time <= LAST;

function ofSeconds(value: number): number {
  const time = Math.trunc(value * 1000);
  if (isReadable(time)) return time;
  const hint = isReadable(Math.trunc(value)) ? ': divide milliseconds by 1000' : '';
  throw new Fault(`${value} is not a date in seconds since 1970${hint}`);
}

function parse(text: string, zone: string | undefined): number {
  const parts = ISO.exec(text);
  if (!parts) return NaN;
  const [year, month, day, hour, minute, second] = parts
    .slice(1, 7)
    .map((part) => Number(part ?? 0)) as [number, number, number, number, number, number];
  const milliseconds = Math.floor(Number(`0.${parts[7] ?? 0}`) * 1000);
  const written = new Date(0);
  written.setUTCFullYear(year, month - 1, day);
  const real = written.getUTCMonth() === month - 1 && written.getUTCDate() === day;
  if (!real || hour > 23 || minute > 59 || second > 59) return NaN;
  const clock = written.setUTCHours(hour, minute, second, milliseconds);
  if (!parts[8] && zone !== undefined) return fromWallClock(clock, zone);
  return clock - offsetOf(parts[8]);
}

function offsetOf(zone: string | undefined): number {
  if (!zone || zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone[0] === '-' ? -minutes : minutes) * 60_000;
}
