import type { Principal } from '../../access/principal.js';
import { rightsOf } from '../../access/rights.js';
import { objectOf } from './object-of.js';
import type { StartRequest } from '../../kernel/execute.js';

/** The arguments of a client that starts a run. */
export interface StartInput {
  directive: string;
  version?: string | null;
  source?: string | null;
  inputs?: unknown;
  idempotencyKey?: string | null;
}

/**
 * Converts a client's arguments to a StartRequest of the caller's.
 * @throws MissionError `input_invalid` when the inputs are not an object
 */
export const startRequest = (input: StartInput, caller: Principal): StartRequest => ({
  directive: input.directive,
  ...(input.version != null && { version: input.version }),
  ...(input.source != null && { source: input.source }),
  ...(input.idempotencyKey != null && { idempotencyKey: input.idempotencyKey }),
  inputs: objectOf(input.inputs, 'inputs'),
  actor: caller.actor,
  rights: rightsOf(caller),
  triggeredBy: 'manual',
});
