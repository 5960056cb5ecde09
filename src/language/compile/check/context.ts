import type { Catalog } from '../../../contracts/catalog.js';
import type { InputSpec } from '../../../contracts/plan.js';
import type { Report } from '../../parse/report.js';
import type { MapNode } from '../../parse/tree.js';
import type { StaticScope } from './static-scope.js';
import type { StepNames } from './step-names.js';
import type { Type } from '../../types/type.js';

/** State that all checks of one directive share. */
export interface Context {
  report: Report;
  /** Name of the directive. */
  directive: string;
  catalog: Catalog;
  inputs: Record<string, InputSpec>;
  /** Declared permission tags; null = the rights of the actor. */
  permissions: string[] | null;
  /** The type of `inputs`. */
  inputsType: Type;
  /** Result types of all steps checked so far, by step name, in any block. */
  results: Map<string, Type>;
  /** True = the directive has step hooks, so any step may be skipped and any failure handled. */
  hooked: boolean;
  names: StepNames;
  /** Set for steps outside the regular course of the run: `always`, compensation or hooks. */
  ending?: 'always' | 'compensate' | 'hooks';
  /** True = the directive sets `limits.iterations`. */
  bounded: boolean;
  /** The map node of each step, by its path. */
  places: Map<string, MapNode>;
}

/** Context of a template: the directive's context and the scope at its place. */
export interface Place extends Context {
  scope: StaticScope;
  /** True = a value that is a whole `secret://name` is replaced by the secret when the call is made. */
  takesSecrets?: boolean;
}
