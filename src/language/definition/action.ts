import type { AuthoredKind } from '../../contracts/plan.js';
import type { Keys, ValueRule } from './key.js';

/** Definition of one action: the values allowed under its key and beside it. */
export interface ActionRule {
  /** Kind of the compiled step. */
  kind: AuthoredKind;
  /** What the action does, in one sentence of Markdown. */
  description: string;
  /** Rule of the value under its key. */
  value: ValueRule;
  /** Keys that are allowed beside this action only. */
  beside?: Keys;
  /** Meaning of `inputs` beside the action; absent = `inputs` have no effect. */
  inputs?: string;
  /** Hint for `inputs` that have no effect. */
  insteadOfInputs?: string;
  /** The right that the action needs; the name of the used thing is the scope. */
  right?: string;
  /** Default timeout of an attempt, in seconds. */
  timeout_seconds?: number;
  /** Description of the step's result. */
  result: string;
  /** Further paragraphs of the reference; Markdown. */
  details?: readonly string[];
  /** Files of `directives/examples`, without their ending. */
  examples: readonly string[];
}
