import type { Json, JsonObject } from './json/json.js';

/** Format version of a Plan. It is raised when an older interpreter can no longer run the new format. */
export const PLAN_VERSION = 1;

/**
 * JSON whose strings may contain `{{ expression }}`. A template is rendered against the block's scope when the step
 * runs.
 */
export type Template = Json;

export type InputType = 'string' | 'integer' | 'number' | 'boolean' | 'object' | 'array';

/** One declared input; `type` absent = any. */
export interface InputSpec {
  type?: InputType;
  description?: string;
  required: boolean;
  default?: Json;
  enum?: Json[];
  minimum?: number;
  maximum?: number;
  format?: string;
}

/** Limits of one run. A run may reach a limit exactly; exceeding it fails the run with `<limit>_exceeded`. */
export interface Limits {
  /** Steps begun, child runs included; each loop iteration counts anew, retries and skipped steps do not. */
  steps: number;
  /** Iterations begun in all `foreach` and `while` loops together, child runs included. */
  iterations: number;
  /** Generations of child runs below this run; 0 forbids child runs. */
  depth: number;
  /** Child runs started, descendants of children included. */
  spawns: number;
  /** Upper bound on branches and loop iterations of this run that execute at once; nested ones multiply. */
  concurrency: number;
  /** Wall-clock seconds from the start of the run, waits and retries included. */
  duration_seconds: number;
  /** Model tokens, input and output together, child runs included; absent = unlimited. */
  tokens?: number;
  /** US dollars by the prices in `mission.yaml`, child runs included; absent = unlimited. */
  cost_usd?: number;
}

/** Retries of a step. `attempts` includes the first one; delays are in seconds. */
export interface RetryPolicy {
  attempts: number;
  initial_seconds: number;
  factor: number;
  maximum_seconds: number;
  jitter: boolean;
  retry_on?: string[];
  abort_on?: string[];
}

/** Fields of every step. */
export interface StepCommon {
  /** Step names from the root, joined by `/`. The path is unique in the Plan and the key of the step's journal rows. */
  path: string;
  name: string;
  description?: string;
  /** A condition template; the step is skipped when it is false or null. */
  if?: Template;
  /** Fields that the result must have. */
  output?: string[];
  retry?: RetryPolicy;
  /** Timeout of one attempt, in seconds. */
  timeout_seconds?: number;
  /** Reaction to a failed step: go on, or run these steps. Absent = the failure propagates. */
  on_error?: 'continue' | PlanStep[];
  /** Steps that undo this step if the run fails after it completed. */
  compensate?: PlanStep[];
  /** The directive's hooks, with step paths below this step. Only a Plan prepared by `withHooks` has them. */
  hooks?: Hooks;
  /** True = the step is an activity of its own; false = it is fused into a segment with its neighbours. */
  own: boolean;
  /** True = the step may change something outside the run; its result is journaled before the next such step begins. */
  effect: boolean;
}

export interface ScriptStep extends StepCommon {
  kind: 'script';
  script: string;
  /** True = a system script, which runs in process; false = a script of the project. */
  system: boolean;
  /** `process`: the script of a project gets a fresh process, for this call only. */
  isolation?: 'process';
  /** A map of templates, or one template that renders to the map when a model supplies the inputs. */
  inputs: Template;
}

export interface McpStep extends StepCommon {
  kind: 'mcp';
  server: Template;
  tool: Template;
  arguments: Template;
}

export interface SetStep extends StepCommon {
  kind: 'set';
  values: JsonObject;
}

export interface ConditionalStep extends StepCommon {
  kind: 'conditional';
  test: Template;
  then: PlanStep[];
  else: PlanStep[];
}

export interface ForeachStep extends StepCommon {
  kind: 'foreach';
  items: Template;
  steps: PlanStep[];
  concurrency: number;
  max_iterations?: number;
  /** Rendered for each item, with `item` and `index` in scope. Errors name the item by this key. */
  key?: Template;
  item_error: 'fail' | 'continue';
}

/** Repeats its steps as long as `test` holds; `test` sees the results of the last iteration. */
export interface WhileStep extends StepCommon {
  kind: 'while';
  test: Template;
  steps: PlanStep[];
  max_iterations?: number;
}

/** Runs several lists of steps concurrently. */
export interface ParallelStep extends StepCommon {
  kind: 'parallel';
  branches: PlanStep[][];
  /** Number of branches that must succeed; the remaining branches are then cancelled. */
  wait_for: number;
}

/** Waits for exactly one of `signal`, `event`, `duration_seconds` and `until`. `timeout_seconds` bounds the wait. */
export interface WaitStep extends StepCommon {
  kind: 'wait';
  /** The name of a signal. */
  signal?: Template;
  /** The name of an event. */
  event?: Template;
  /** Data that the event must contain. */
  match?: Template;
  /** Seconds from the beginning of the step. */
  duration_seconds?: Template;
  /** A date, as expression functions accept dates. */
  until?: Template;
}

/** Requests a decision from people and waits for it. */
export interface ApproveStep extends StepCommon {
  kind: 'approve';
  /** Actors and roles that may decide, one or a list; an empty list = everybody with the right to decide. */
  who: Template;
  /** Number of approvals needed; a single denial denies the request. */
  quorum: number;
  /** Fields that an approver fills in. */
  form: Record<string, InputSpec>;
  /** True = the actor who started the run may approve as well. */
  self_approval: boolean;
  expiry_seconds: number;
  /** The targets and arguments of the steps that it guards; absent in Plans of older versions, which show nothing. */
  shows?: Template;
}

/** Starts a run of another directive, with its own history and journal, and waits for its end. */
export interface DirectiveStep extends StepCommon {
  kind: 'directive';
  directive: string;
  /** A semver range; absent = the version that is current when the step begins. */
  range?: string;
  inputs: JsonObject;
}

/** A conversation with a model, which may call tools before it answers. */
export interface LlmStep extends StepCommon {
  kind: 'llm';
  /** `{prompt, system?, model?}`, rendered before the first turn. */
  request: JsonObject;
  /** Names of the tools as the model sees them. `tools[i]` is called by `steps[i + 1]`. */
  tools: string[];
  /** JSON Schema of the answer; absent = text. */
  output_schema?: JsonObject;
  max_turns: number;
  /** The turn, then one call step for each tool. The interpreter repeats them as the model requests. */
  steps: [TurnStep, ...CallStep[]];
}

/** One model turn. It reads the conversation so far from the journal. */
export interface TurnStep extends StepCommon {
  kind: 'turn';
}

/** Publishes an event. */
export interface EmitStep extends StepCommon {
  kind: 'emit';
  event: Template;
  inputs: JsonObject;
}

/** A step that does its work outside the run, in attempts that may fail. */
export type CallStep = ScriptStep | McpStep | EmitStep | TurnStep;

/** A step that ends by time, by a message, by people or with another run. */
export type AwaitedStep = WaitStep | ApproveStep | DirectiveStep;

/** A step that contains other steps. */
export type CompositeStep = ConditionalStep | ForeachStep | WhileStep | ParallelStep | LlmStep;

export interface ReturnStep extends StepCommon {
  kind: 'return';
  value: Template;
}

export interface FailStep extends StepCommon {
  kind: 'fail';
  message: Template;
  code?: Template;
  data?: Template;
}

/**
 * One step, by kind. A new kind does not compile until it has an entry in KINDS, a builder, a runner and a definition.
 */
export type PlanStep =
  | ScriptStep
  | McpStep
  | SetStep
  | ConditionalStep
  | ForeachStep
  | WhileStep
  | ParallelStep
  | WaitStep
  | ApproveStep
  | DirectiveStep
  | LlmStep
  | TurnStep
  | EmitStep
  | ReturnStep
  | FailStep;

export type StepKind = PlanStep['kind'];
/** Kinds that authors write. The compiler adds `turn` steps to an `llm` step. */
export type AuthoredKind = Exclude<StepKind, 'turn'>;

/** The moments at which hooks run, and the actions that each may answer with. */
export const HOOK_ANSWERS = {
  before_step: ['continue', 'skip', 'fail', 'abort'],
  after_step: ['continue', 'fail', 'abort'],
  on_error: ['retry', 'continue', 'skip', 'fail', 'abort'],
  on_limit: [],
} as const;
export type HookMoment = keyof typeof HOOK_ANSWERS;
export type HookAnswer = (typeof HOOK_ANSWERS)[HookMoment][number];
export const STEP_MOMENTS = ['before_step', 'after_step', 'on_error'] as const;
export const HOOK_MOMENTS = [...STEP_MOMENTS, 'on_limit'] as const satisfies HookMoment[];

/** One hook: a fixed `action`, or steps whose result names the action in its field `action`. */
export interface Hook {
  /** A condition template; absent = always. */
  when?: Template;
  action?: HookAnswer;
  steps?: PlanStep[];
}

export type Hooks = Partial<Record<HookMoment, Hook[]>>;

/** Policies for a new run when `limit` runs with its concurrency key are already active. */
export const ON_FULL = ['wait', 'skip', 'cancel_oldest'] as const;
export type OnFull = (typeof ON_FULL)[number];

/** Upper bound on concurrent runs with the same key, across the platform. */
export interface ConcurrencyRule {
  /** A template, rendered with the inputs when a run is accepted. */
  key: string;
  limit: number;
  on_full: OnFull;
}

/** A compiled directive: plain frozen data. Each run pins its Plan in its input; Plans are stored by hash. */
export interface Plan {
  version: typeof PLAN_VERSION;
  name: string;
  directive_version: string;
  description?: string;
  inputs: Record<string, InputSpec>;
  /** Permission tags `verb:resource[:scope]`; null = the rights of the actor. */
  permissions: string[] | null;
  limits: Limits;
  concurrency?: ConcurrencyRule;
  trace: 'auto' | 'step';
  /** True = instructions for a model: a run is a conversation, in a thread. */
  instructions?: true;
  steps: PlanStep[];
  /** Hooks of every step, and of the limits. */
  hooks?: Hooks;
  /** Steps that run at the end of every run, whatever its outcome. */
  always?: PlanStep[];
}

/** Most tool calls of one turn that are executed; the model is told that further ones were not. */
export const MAX_CALLS = 16;

/** Values of more bytes of JSON are stored as blobs and travel by reference. */
export const MAX_INLINE_BYTES = 128 * 1024;
/** Longest Plan, in characters of JSON. It shares the workflow input with carried state, and Temporal accepts 2 MiB. */
export const MAX_PLAN_LENGTH = 1024 * 1024;
/** Most bytes of JSON in the inputs of a run, or in the payload of a signal. */
export const MAX_INPUT_BYTES = 1024 * 1024;
