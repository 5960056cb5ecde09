import type { PlanStep, StepCommon } from '../../../../contracts/plan.js';
import type { Context, Place } from '../../check/context.js';
import type { Fields } from '../../fields/fields.js';
import type { ResultFields } from '../../check/result-fields.js';
import type { StaticScope } from '../../check/static-scope.js';
import type { Node } from '../../../parse/tree.js';

/** Where a block of steps stands. */
export interface BlockPlace {
  /** Path of the block; empty at the root. */
  path: string;
  scope: StaticScope;
  trace: 'auto' | 'step';
}

/** Compiles the steps of a block: one step or a list. */
export type BuildBlock = (
  node: Node,
  place: BlockPlace,
  what: string,
  ending?: Context['ending'],
) => PlanStep[];

/** What a kind of step is compiled from. */
export interface StepSource {
  place: Place;
  common: StepCommon;
  fields: Fields;
  /** The value beside the action's name. */
  value: Node;
  trace: 'auto' | 'step';
  block: BuildBlock;
}

/** A compiled step, and what its result may hold. */
export interface Built {
  step: PlanStep;
  result: ResultFields;
  /** False when the step may leave `result` as it was. */
  sure?: boolean;
}

/** Compiles one kind of step; undefined when its text does not allow it (and that has been reported). */
export type BuildStep = (source: StepSource) => Built | undefined;
