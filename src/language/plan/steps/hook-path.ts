import type { HookMoment } from '../../../contracts/plan.js';

/** Path of the steps of a hook, below a step or below the directive's `.hooks`. */
export const hookPath = (below: string, moment: HookMoment, index: number): string =>
  `${below}/.${moment}/${index}`;
