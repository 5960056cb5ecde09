import type { StepCommon } from '../../../../contracts/plan.js';

/** Common fields of the steps that the compiler generates below an author's step. */
export type Part = Pick<StepCommon, 'path' | 'name' | 'own' | 'effect'>;

/** Names a generated step. The dot prevents clashes with names of authors and of registered activities. */
export const partOf = ({ path, name }: Pick<StepCommon, 'path' | 'name'>, part: string): Part => ({
  path: `${path}/${part.replaceAll('.', '/')}`,
  name: `${name}.${part}`,
  own: true,
  effect: true,
});
