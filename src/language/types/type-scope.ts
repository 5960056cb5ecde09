import type { Type } from './type.js';

/** Types of the names that an expression can read at its place. */
export interface TypeScope {
  /** Type of `inputs`, `result`, `item`, or a bare name. */
  name(name: string): Type;
  /** Type of `steps.NAME`. */
  step(name: string): Type;
  /** Paths that enclosing conditions read. A condition may narrow their types in a way that is not analysed. */
  guards: readonly (readonly string[])[];
}
