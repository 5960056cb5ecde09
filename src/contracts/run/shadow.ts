import type { Json } from '../json/json.js';
import type { RunScope } from './scope.js';
import type { StepPlace } from './place.js';

/** What a shadow run is to repeat. */
export interface ShadowOrder {
  /** The run whose recorded results answer. */
  of: string;
  /** A call without a recorded answer gives null; otherwise the shadow ends there. */
  goOn: boolean;
}

/** The input of the one activity of a shadow run. */
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

/** What is otherwise in the shadow than in the recorded run; of an outcome the path is empty. */
export interface Difference extends StepPlace {
  kind: DifferenceKind;
  name: string;
  recorded: Json;
  shadow: Json;
}

/** What a shadow run found out. */
export interface ShadowReport {
  /** Steps that both have. */
  compared: number;
  total: number;
  /** The first thousand. */
  differences: Difference[];
}
