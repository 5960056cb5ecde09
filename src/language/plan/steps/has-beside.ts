import type { PlanStep } from '../../../contracts/plan.js';
import { isFusable } from './is-fusable.js';
import { inner } from './step-blocks.js';

/** True when the concurrent parts of a step include steps that are not fusable, so activities may run concurrently. */
export const hasBeside = (step: PlanStep): boolean => !inner(step).every(isFusable);
