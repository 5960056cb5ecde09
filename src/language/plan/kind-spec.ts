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

/** A list of steps within a step, labelled with its role there. */
export type StepBlock = readonly [label: string, steps: readonly PlanStep[]];

/** Configured things that a step names; templates where the names are computed. */
export interface Names {
  server?: Template;
  model?: Template;
  script?: string;
  directive?: { name: string; range?: string | undefined };
}

/** The right that a step needs, and the thing that it is for. */
export interface Use<S> {
  /** The right, as in the action's definition. */
  right: string;
  /** Name of the used thing, from rendered inputs, as the scope of the right; undefined when it is chosen elsewhere. */
  nameOf(step: S, inputs: JsonObject): Json | undefined;
  /** The use in words, followed by the name in messages. */
  what: string;
}

/** Properties of every kind of step. */
export interface CommonSpec<S> {
  /**
   * `call`: works outside the run, in attempts. `awaited`: ends by time, messages, people or another run. `composite`:
   * contains steps. `value`: the interpreter computes its result. `failure`: always fails.
   */
  nature: NatureOf<S>;
  /** How the estimate shows the step; absent = by the step's `own`. */
  runs?: 'timer' | 'people' | 'child' | 'inline';
  /** True = the step ends the run. */
  ends: boolean;
  /** True = the step is retried only if it has `retry`, because the steps inside it have their own attempts. */
  retriesOnlyIfSaid: boolean;
  /** True = an enclosing loop counts the `status` of the result. */
  tallied: boolean;
  /** Default error code of a failure that a test simulates. */
  failure?: ErrorCode;
  use?: Use<S>;
  cost(step: S, of: CostContext): PlanCost;
  /** Least use of the step, without counting the step itself. */
  least(step: S, of: LeastContext): Path;
  /** The step in one line, for `mission plan`. */
  summary(step: S): string;
  names(step: S): Names;
  /** The template in which whole values `secret://name` are replaced by secrets; null = none. */
  secrets(step: S): Template;
}

/** Further properties of calls. */
export interface CallSpec<S> {
  failure: ErrorCode;
  /** The template that is rendered before the call. */
  template(step: S): Template;
  /** Label of the activity in Temporal Web UI. */
  label(step: S): string;
  /** Default timeout of an attempt, in seconds. */
  timeout_seconds: number;
}

/** Further properties of composite steps. */
export interface CompositeSpec<S> {
  /** Keys whose values are the steps inside. */
  bodyKeys: readonly (keyof S)[];
  bodies(step: S): StepBlock[];
  mapBodies(step: S, change: (inside: PlanStep) => PlanStep): S;
  /** True = the steps repeat, each time as one iteration. */
  repeats: boolean;
  /** True = after the step, an unknown `<status>_count` reads 0. */
  counts: boolean;
  /** True if the step may succeed although a step inside it failed. */
  isTolerant(step: S): boolean;
  /** Most steps that can run concurrently, from the same number for each of its bodies. */
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

/** The complete specification of one kind of step. */
export type KindSpec<S extends PlanStep> = CommonSpec<S> &
  (S extends CallStep ? CallSpec<S> : unknown) &
  (S extends CompositeStep ? CompositeSpec<S> : unknown);
