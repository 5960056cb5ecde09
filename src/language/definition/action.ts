import type { AuthoredKind } from '../../contracts/plan.js';
import type { Keys, ValueRule } from './key.js';

/** One kind of step: what stands under and beside the key that names it. */
export interface ActionRule {
  /** The kind in the Plan. */
  kind: AuthoredKind;
  /** What it does, in a sentence; Markdown. */
  description: string;
  /** What stands under its key. */
  value: ValueRule;
  /** Keys that stand beside it and beside no other kind. */
  beside?: Keys;
  /** What `inputs` beside it are; absent = they have no effect. */
  inputs?: string;
  /** What to do with `inputs` that have no effect. */
  insteadOfInputs?: string;
  /** The right that it needs; what it names is the right's scope. */
  right?: string;
  /** How long an attempt may take where the step says nothing. */
  timeout_seconds?: number;
  /** What `result` is afterwards. */
  result: string;
  /** Further paragraphs of the reference; Markdown. */
  details?: readonly string[];
  /** Files of `directives/examples`, without their ending. */
  examples: readonly string[];
}
