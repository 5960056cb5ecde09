import type { CallStep, Template } from '../../../contracts/plan.js';
import { callSpecOf } from '../kinds.js';

/** What a call renders before it is made. */
export const stepTemplate = (step: CallStep): Template => callSpecOf(step).template(step);
