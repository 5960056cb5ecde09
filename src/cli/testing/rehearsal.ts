import type { Outcome } from '../../contracts/execution.js';
import type { Json } from '../../contracts/json/json.js';
import type { ApprovalRequest } from '../../contracts/run/approval.js';
import type { StepPlace } from '../../contracts/run/place.js';

/** One call of a script, a tool, a directive: what it was given. */
export interface RehearsedCall extends StepPlace {
  step: string;
  kind: string;
  attempt: number;
  inputs: Json;
}

/** A step as it ended. */
export interface RehearsedStep extends StepPlace {
  step: string;
  kind: string;
  /** Absent where it was given up, or the run ended in it. */
  status?: 'success' | 'error' | 'skipped';
}

/** What a run came to that never left this process. */
export interface Rehearsal {
  outcome: Outcome;
  /** In the order in which they began. */
  steps: RehearsedStep[];
  calls: RehearsedCall[];
  emitted: { name: string; data: Json }[];
  questions: ApprovalRequest[];
  /** Steps whose compensation failed for good. */
  undoFailed: string[];
}
