import type { Principal } from '../../access/principal.js';
import { may, type Right } from '../../access/rights.js';
import { MissionError } from '../../contracts/errors.js';
import type { JsonObject } from '../../contracts/json/json.js';
import type { Permissions } from '../../contracts/permission.js';
import { requireRight } from '../../contracts/require-right.js';
import { countIn } from './arguments.js';

/** What a call waits for: a run, or the answer to a message of a thread. */
export type Waiting =
  | { execution_id: string }
  /** `after`: the sequence of the thread's last event before the answer. */
  | { thread_id: string; message_id: string; after: number };

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
  /** Milliseconds for which the call may wait; absent = 20 s. */
  patienceMs?: number;
  /** Told what the call begins to wait for, so that the caller can follow it. */
  onAwait?(what: Waiting): void;
}

/** Milliseconds for which a call waits, unless its caller has more patience. */
export const PATIENCE_MS = 20_000;

/** Milliseconds that a call waits: `wait_seconds` of its parameters, at most what its caller has patience for. */
export function patienceOf(parameters: JsonObject, { patienceMs = PATIENCE_MS }: VerbCaller) {
  if (parameters['wait_seconds'] === 0) return 0;
  return countIn(parameters, 'wait_seconds', patienceMs / 1000, patienceMs / 1000) * 1000;
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
