import type { Principal } from '../../access/principal.js';
import { may, type Right } from '../../access/rights.js';
import { MissionError } from '../../contracts/errors.js';

/** A right that only some arguments ask for. */
export function needs(caller: Principal, right: Right): void {
  if (may(caller, right)) return;
  throw new MissionError('permission_denied', `This key lacks the right ${right}.`);
}
