import type { Catalog } from '../../../contracts/catalog.js';
import type { InputSpec } from '../../../contracts/plan.js';
import type { Report } from '../../parse/report.js';
import type { MapNode } from '../../parse/tree.js';
import type { StaticScope } from './static-scope.js';
import type { StepNames } from './step-names.js';
import type { Type } from '../../types/type.js';

/** What the checks of one directive share. */
export interface Context {
  report: Report;
  /** The directive's own name. */
  directive: string;
  catalog: Catalog;
  inputs: Record<string, InputSpec>;
  /** Declared permission tags; null = the actor's own. */
  permissions: string[] | null;
  /** The type of `inputs`. */
  inputsType: Type;
  /** What steps leave behind that have been passed, wherever they stand. */
  results: Map<string, Type>;
  /** Hooks may skip any step, and decide what follows from its failure. */
  hooked: boolean;
  names: StepNames;
  /** These steps are not the run's own course. */
  ending?: 'always' | 'compensate' | 'hooks';
  /** The directive says itself how many iterations it may have. */
  bounded: boolean;
  /** Where each step stands, by its path. */
  places: Map<string, MapNode>;
}

/** Where a template stands. */
export interface Place extends Context {
  scope: StaticScope;
  /** A whole `secret://name` becomes the secret here, when the call is made. */
  takesSecrets?: boolean;
}
