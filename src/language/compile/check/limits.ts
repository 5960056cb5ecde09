import { DEFAULT_DURATION_SECONDS } from '../../../contracts/catalog.js';
import type { Limits } from '../../../contracts/plan.js';
import { LIMITS } from '../../definition/header.js';
import type { Report } from '../../parse/report.js';
import type { Node } from '../../parse/tree.js';
import { readFields, type Fields } from '../fields/fields.js';
import { readNumber } from '../fields/scalars.js';

const NAMES = Object.keys(LIMITS) as (keyof typeof LIMITS & keyof Limits)[];

/** Reads the key `limits`; missing limits get their defaults. */
export function readLimits(report: Report, node: Node | undefined, ceilings: Limits): Limits {
  const duration = Math.min(DEFAULT_DURATION_SECONDS, ceilings.duration_seconds);
  const limits: Limits = { ...ceilings, duration_seconds: duration };
  const fields = node && readFields(report, node, LIMITS, '"limits"');
  for (const name of fields ? NAMES : []) {
    const value = readLimit(report, fields!, name, ceilings[name]);
    if (value !== undefined) limits[name] = value;
  }
  return limits;
}

function readLimit(
  report: Report,
  fields: Fields,
  name: keyof typeof LIMITS,
  ceiling: number | undefined,
): number | undefined {
  const node = fields.get(name);
  const value = readNumber(report, node, `the limit "${name}"`, LIMITS[name]);
  if (value === undefined || ceiling === undefined || value <= ceiling) return value;
  const message = `the limit "${name}" is ${value}, but mission.yaml allows at most ${ceiling}`;
  report.add('limit_too_high', node!, message, `write at most ${ceiling}`);
  return undefined;
}
