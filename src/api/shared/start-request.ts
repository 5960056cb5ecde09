import { objectOf } from './object-of.js';
import type { StartRequest } from '../../kernel/execute.js';

/** What a client says of the run it wants. */
export interface StartInput {
  directive: string;
  version?: string | null;
  source?: string | null;
  inputs?: unknown;
  idempotencyKey?: string | null;
}

/**
 * A client's wish as a request; the actor is that of its key.
 * @throws MissionError `input_invalid` when the inputs are not an object
 */
export const startRequest = (wish: StartInput, actor: string): StartRequest => ({
  directive: wish.directive,
  ...(wish.version != null && { version: wish.version }),
  ...(wish.source != null && { source: wish.source }),
  ...(wish.idempotencyKey != null && { idempotencyKey: wish.idempotencyKey }),
  inputs: objectOf(wish.inputs, 'inputs'),
  actor,
  triggeredBy: 'manual',
});
