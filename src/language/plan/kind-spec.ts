import type { ErrorCode } from '../../contracts/errors.js';
import type { Json, JsonObject } from '../../contracts/json/json.js';
import type {
  AwaitedStep,
  CallStep,
  CompositeStep,
  Plan,
  PlanStep,
  Template,
} from '../../contracts/plan.js';
import type { CostContext, PlanCost } from './cost.js';
import type { LeastContext, Path } from './least.js';

/** A list of steps within a step, and what it is to it. */
export type StepBlock = readonly [label: string, steps: readonly PlanStep[]];

/** What of the project and the configuration a step names; a template where it is computed. */
export interface Names {
  server?: Template;
  model?: Template;
  script?: string;
  directive?: { name: string; range?: string | undefined };
}

/** The right that a step needs, and for what. */
export interface Use<S> {
  /** As in its definition. */
  right: string;
  /** The name of what is used, its inputs rendered: the right's scope. Undefined where another place chooses it. */
  nameOf(step: S, inputs: JsonObject): Json | undefined;
  /** The use in words, before the name. */
  what: string;
}

/** What a kind of step is, whatever it does. */
export interface CommonSpec<S> {
  /**
   * `call`: its work is done outside the run, in attempts; `awaited`: time, people or another run end it;
   * `composite`: it is made of steps; `value`: the interpreter works its result out; `failure`: it always fails.
   */
  nature: NatureOf<S>;
  /** How the plan shows that it runs; absent: by its `own`. */
  runs?: 'timer' | 'people' | 'child' | 'inline';
  /** It ends the run. */
  ends: boolean;
  /** It is tried again only where it has a `retry`: what is inside it has attempts of its own. */
  retriesOnlyIfSaid: boolean;
  /** The `status` of its result is one that a loop around it counts. */
  tallied: boolean;
  /** The code of a failure for which a test gives none. */
  failure?: ErrorCode;
  use?: Use<S>;
  cost(step: S, of: CostContext): PlanCost;
  /** Without the step itself, which is one. */
  least(step: S, of: LeastContext): Path;
  /** What it does, in a line of the plan. */
  summary(step: S): string;
  names(step: S): Names;
  /** Where a whole `secret://name` becomes the secret; null = nowhere. */
  secrets(step: S): Template;
}

/** What a call is besides. */
export interface CallSpec<S> {
  failure: ErrorCode;
  /** What is rendered before it is made. */
  template(step: S): Template;
  /** Its activity in Temporal's own UI. */
  label(step: S): string;
  /** How long an attempt may take where the step says nothing. */
  timeout_seconds: number;
}

/** What a step that is made of steps is besides. */
export interface CompositeSpec<S> {
  /** Its keys under which the steps stand. */
  bodyKeys: readonly (keyof S)[];
  bodies(step: S): StepBlock[];
  mapBodies(step: S, change: (inside: PlanStep) => PlanStep): S;
  /** Its steps run again and again, each time as an iteration. */
  repeats: boolean;
  /** Afterwards a `<word>_count` that nothing produced reads 0. */
  counts: boolean;
  /** It may succeed although something in it has failed. */
  isTolerant(step: S): boolean;
  /** Steps that may be under way at the same time, from those of each of its bodies. */
  lanes(step: S, bodies: readonly number[], plan: Plan): number;
}

export type Nature = 'call' | 'awaited' | 'composite' | 'value' | 'failure';

type NatureOf<S> = S extends CallStep
  ? 'call'
  : S extends AwaitedStep
    ? 'awaited'
    : S extends CompositeStep
      ? 'composite'
      : 'value' | 'failure';

/** All that the compiler asks of one kind. */
export type KindSpec<S extends PlanStep> = CommonSpec<S> &
  (S extends CallStep ? CallSpec<S> : unknown) &
  (S extends CompositeStep ? CompositeSpec<S> : unknown);
