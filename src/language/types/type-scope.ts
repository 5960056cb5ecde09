import type { Type } from './type.js';

/** What the names of an expression are at its place. */
export interface TypeScope {
  /** `inputs`, `result`, `item`, or a bare name. */
  name(name: string): Type;
  /** `steps.NAME`. */
  step(name: string): Type;
  /** Paths that a condition around the place has looked at: what it knows of them is not known here. */
  guards: readonly (readonly string[])[];
}
