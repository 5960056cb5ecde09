import type { PlanStep, StepCommon } from '../../../../contracts/plan.js';
import type { Context, Place } from '../../check/context.js';
import type { Fields } from '../../fields/fields.js';
import type { ResultFields } from '../../check/result-fields.js';
import type { StaticScope } from '../../check/static-scope.js';
import type { Node } from '../../../parse/tree.js';

/** Path and scope of a block of steps. */
export interface BlockPlace {
  /** Path of the block; empty at the root. */
  path: string;
  scope: StaticScope;
  trace: 'auto' | 'step';
}

/** Compiles the steps of a block, which is one step or a list. */
export type BuildBlock = (
  node: Node,
  place: BlockPlace,
  what: string,
  ending?: Context['ending'],
) => PlanStep[];

/** Input of a step builder. */
export interface StepSource {
  place: Place;
  common: StepCommon;
  fields: Fields;
  /** The value of the action's key. */
  value: Node;
  trace: 'auto' | 'step';
  block: BuildBlock;
}

/** A compiled step, with the possible fields of its result. */
export interface Built {
  step: PlanStep;
  result: ResultFields;
  /** False when the step may leave `result` unchanged. */
  sure?: boolean;
}

/** Compiles one kind of step; undefined when errors, which are reported, prevent it. */
export type BuildStep = (source: StepSource) => Built | undefined;
