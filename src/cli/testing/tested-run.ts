import type { Outcome } from '../../contracts/execution.js';
import type { Json } from '../../contracts/json/json.js';
import type { ApprovalRequest } from '../../contracts/run/approval.js';
import type { StepPlace } from '../../contracts/run/place.js';

/** One call of a script, tool or directive with its inputs. */
export interface TestedCall extends StepPlace {
  step: string;
  kind: string;
  attempt: number;
  inputs: Json;
}

/** A step with its final status. */
export interface TestedStep extends StepPlace {
  step: string;
  kind: string;
  /** Absent where the step was abandoned, or the run ended during it. */
  status?: 'success' | 'error' | 'skipped';
}

/** The result of a run that was simulated in this process. */
export interface TestedRun {
  outcome: Outcome;
  /** Steps in the order of their start. */
  steps: TestedStep[];
  calls: TestedCall[];
  emitted: { name: string; data: Json }[];
  questions: ApprovalRequest[];
  /** Steps whose compensation failed after all attempts. */
  undoFailed: string[];
}
