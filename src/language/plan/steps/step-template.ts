import type { CallStep, Template } from '../../../contracts/plan.js';
import { callSpecOf } from '../kinds.js';

/** The template that is rendered before a call. */
export const stepTemplate = (step: CallStep): Template => callSpecOf(step).template(step);
