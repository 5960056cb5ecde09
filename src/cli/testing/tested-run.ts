import type { Outcome } from '../../contracts/execution.js';
import type { Json } from '../../contracts/json/json.js';
import type { ApprovalRequest } from '../../contracts/run/approval.js';
import type { StepPlace } from '../../contracts/run/place.js';

/** One call of a script, a tool, a directive: what it was given. */
export interface TestedCall extends StepPlace {
  step: string;
  kind: string;
  attempt: number;
  inputs: Json;
}

/** A step as it ended. */
export interface TestedStep extends StepPlace {
  step: string;
  kind: string;
  /** Absent where it was given up, or the run ended in it. */
  status?: 'success' | 'error' | 'skipped';
}

/** What a run came to that never left this process. */
export interface TestedRun {
  outcome: Outcome;
  /** In the order in which they began. */
  steps: TestedStep[];
  calls: TestedCall[];
  emitted: { name: string; data: Json }[];
  questions: ApprovalRequest[];
  /** Steps whose compensation failed for good. */
  undoFailed: string[];
}
