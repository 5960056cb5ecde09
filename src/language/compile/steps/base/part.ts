import type { StepCommon } from '../../../../contracts/plan.js';

/** What every step of our own below one of the author's has. */
export type Part = Pick<StepCommon, 'path' | 'name' | 'own' | 'effect'>;

/** A step of our own: the dot keeps its name from being one that an author could write, or one of our activities. */
export const partOf = ({ path, name }: Pick<StepCommon, 'path' | 'name'>, part: string): Part => ({
  path: `${path}/${part.replaceAll('.', '/')}`,
  name: `${name}.${part}`,
  own: true,
  effect: true,
});
