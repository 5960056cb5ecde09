import type { PlanStep } from '../../../contracts/plan.js';
import { isFusable } from './is-fusable.js';
import { inner } from './step-blocks.js';

/** True when what a step runs at the same time includes more than light steps. */
export const hasBeside = (step: PlanStep): boolean => !inner(step).every(isFusable);
