import type { Outcome } from '../../../contracts/execution.js';
import { ReturnSignal, StepFailure } from './signals.js';

/** The outcome of a run that `return` or the failure of a step ends; undefined of whatever else is thrown. */
export function outcomeOf(thrown: unknown): Outcome | undefined {
  if (thrown instanceof ReturnSignal) return { status: 'success', result: thrown.value };
  if (thrown instanceof StepFailure) return { status: 'error', error: thrown.error };
  return undefined;
}
