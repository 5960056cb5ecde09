import { isCancellation } from '@temporalio/workflow';
import type { Branch } from '../language/run/state/step-effects.js';
import type { Engine } from './engine/engine.js';

/** Starts work in its own cancellation scope. `onCancel` is called just before the work is cancelled. */
export function branchOf(engine: Engine, work: () => Promise<void>, onCancel: () => void): Branch {
  const scope = engine.scope(work);
  let cancelled = false;
  const ended = scope.done.then(
    () => true,
    (thrown: unknown) => (cancelled && isCancellation(thrown) ? false : Promise.reject(thrown)),
  );
  const cancel = () => {
    cancelled = true;
    onCancel();
    scope.cancel();
  };
  return { ended, cancel };
}
