import type { Limits } from '../../../contracts/plan.js';
import { StepFailure } from './signals.js';

/** The failure of a run that has used up one of its limits. No `on_error` may catch it. */
export function limitExceeded(limits: Limits, limit: keyof Limits): StepFailure {
  const message = `The run exceeded limits.${limit}: ${limits[limit]}.`;
  return new StepFailure({ code: `${limit}_exceeded`, message }, true);
}
