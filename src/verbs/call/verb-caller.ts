import type { Principal } from '../../access/principal.js';
import { may, type Right } from '../../access/rights.js';
import { MissionError } from '../../contracts/errors.js';
import type { Permissions } from '../../contracts/permission.js';
import { requireRight } from '../../contracts/require-right.js';

/** Who calls a verb. Identity never comes from the arguments. */
export interface VerbCaller {
  principal: Principal;
  /** Present for a call from inside a run: the run's rights bound what the call may do. */
  run?: {
    id: string;
    threadId?: string;
    permissions: Permissions;
    /** The same for each repetition of the call, so that nothing is started twice. */
    key: string;
  };
  /** Aborts when the caller is gone: that ends waits, never runs. */
  signal?: AbortSignal;
}

/**
 * Checks a right of the speaker.
 * @throws MissionError `permission_denied`
 */
export function needs({ principal }: VerbCaller, right: Right): void {
  if (may(principal, right)) return;
  throw new MissionError('permission_denied', `${principal.actor} lacks the right ${right}.`);
}

/**
 * Checks a right of the run that calls, beside those of its speaker.
 * @throws MissionError `permission_denied`
 */
export function needsInRun({ run }: VerbCaller, right: string, what: string): void {
  if (run) requireRight(run.permissions, right, what);
}
