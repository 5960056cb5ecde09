import { isCancellation } from '@temporalio/workflow';
import type { Branch } from '../language/run/state/effects.js';
import type { Engine } from './engine/engine.js';

/** Begins work that can be cancelled by itself. `onCancel` is called before it is cancelled. */
export function branchOf(engine: Engine, work: () => Promise<void>, onCancel: () => void): Branch {
  const scope = engine.scope(work);
  let cut = false;
  const ended = scope.done.then(
    () => true,
    (thrown: unknown) => (cut && isCancellation(thrown) ? false : Promise.reject(thrown)),
  );
  const cancel = () => {
    cut = true;
    onCancel();
    scope.cancel();
  };
  return { ended, cancel };
}
