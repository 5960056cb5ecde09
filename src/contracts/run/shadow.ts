import type { Json } from '../json/json.js';
import type { RunScope } from './scope.js';
import type { StepPlace } from './place.js';

/** Options of a shadow run. */
export interface ShadowOrder {
  /** Id of the recorded run that supplies the results. */
  of: string;
  /** True = a call without a recorded result yields null; false = the shadow run ends there. */
  goOn: boolean;
}

/** Input of the single activity of a shadow run. */
export interface ShadowInput extends ShadowOrder {
  run: RunScope;
  plan_hash: string;
  inputs: Json;
}

export const DIFFERENCE_KINDS = [
  'inputs',
  'result',
  'error',
  'status',
  'only_in_shadow',
  'only_in_recording',
  'outcome',
] as const;
export type DifferenceKind = (typeof DIFFERENCE_KINDS)[number];

/** One difference between the shadow run and the recorded run. The path is empty for `outcome`. */
export interface Difference extends StepPlace {
  kind: DifferenceKind;
  name: string;
  recorded: Json;
  shadow: Json;
}

/** The result of a shadow run. */
export interface ShadowReport {
  /** Number of steps that both runs executed. */
  compared: number;
  total: number;
  /** The first 1,000 differences. */
  differences: Difference[];
}
