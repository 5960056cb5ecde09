import type { Principal } from '../../access/principal.js';
import { may, type Right } from '../../access/rights.js';
import { MissionError } from '../../contracts/errors.js';

/**
 * Checks a right that only some arguments of a handler need.
 * @throws MissionError `permission_denied`
 */
export function needs(caller: Principal, right: Right | `${Right}:${string}`): void {
  if (may(caller, right)) return;
  throw new MissionError('permission_denied', `This key lacks the right ${right}.`);
}
