import { MissionError } from '../../../contracts/errors.js';
import type { Json } from '../../../contracts/json/json.js';

/** A condition's value: boolean, or null for false; anything else is an `expression_error`. */
export function isTrue(value: Json, what: string): boolean {
  if (value === null || typeof value === 'boolean') return value === true;
  const shown = JSON.stringify(value).slice(0, 100);
  throw new MissionError('expression_error', `${what}: expected true, false or null, got ${shown}`);
}
