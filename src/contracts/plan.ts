import type { Json, JsonObject } from './json/json.js';

/** The format of a Plan. Raised when an older interpreter could no longer run it. */
export const PLAN_VERSION = 1;

/** JSON whose strings may hold `{{ expression }}`; rendered against a scope when the step runs. */
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

/** Bounds of one run. Exactly n is allowed. */
export interface Limits {
  steps: number;
  iterations: number;
  depth: number;
  spawns: number;
  concurrency: number;
  duration_seconds: number;
  tokens?: number;
  cost_usd?: number;
}

/** Attempts count the first one; delays in seconds. */
export interface RetryPolicy {
  attempts: number;
  initial_seconds: number;
  factor: number;
  maximum_seconds: number;
  jitter: boolean;
  retry_on?: string[];
  abort_on?: string[];
}

/** What every step has. */
export interface StepCommon {
  /** Where the step stands: names from the root joined by `/`; unique in the Plan, and the journal's key. */
  path: string;
  name: string;
  description?: string;
  /** A condition template; the step is skipped when it is false or null. */
  if?: Template;
  /** Fields that the result is promised to have. */
  output?: string[];
  retry?: RetryPolicy;
  /** Seconds an attempt may take. */
  timeout_seconds?: number;
  /** Absent = fail. */
  on_error?: 'continue' | PlanStep[];
  /** Undoes it, when the run fails after it. */
  compensate?: PlanStep[];
  /** Of a plan that is run: the directive's hooks, their steps below this one. */
  hooks?: Hooks;
  /** An activity of its own; otherwise fused into a segment with its light neighbours. */
  own: boolean;
  /** May change something outside the run: journaled before the next such step begins. */
  effect: boolean;
}

export interface ScriptStep extends StepCommon {
  kind: 'script';
  script: string;
  /** A system script (ours, in process) or a project's own. */
  system: boolean;
  /** `process`: a project's script gets a process of its own, for this call alone. */
  isolation?: 'process';
  /** One template for all of them where a model gives them. */
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
  /** Rendered per item with `item` and `index` in scope; names the item in errors. */
  key?: Template;
  item_error: 'fail' | 'continue';
}

/** The same steps as long as the condition holds, which sees what they left. */
export interface WhileStep extends StepCommon {
  kind: 'while';
  test: Template;
  steps: PlanStep[];
  max_iterations?: number;
}

/** Lists of steps at the same time. */
export interface ParallelStep extends StepCommon {
  kind: 'parallel';
  branches: PlanStep[][];
  /** So many must succeed; the others are then cancelled. */
  wait_for: number;
}

/** One of the four. `timeout_seconds` is its deadline. */
export interface WaitStep extends StepCommon {
  kind: 'wait';
  /** The name of a signal. */
  signal?: Template;
  /** The name of an event. */
  event?: Template;
  /** What the event's data must contain. */
  match?: Template;
  /** Seconds from its beginning. */
  duration_seconds?: Template;
  /** A date. */
  until?: Template;
}

/** A question to people. */
export interface ApproveStep extends StepCommon {
  kind: 'approve';
  /** An actor or a role, or a list of them; empty = everybody who may decide. */
  who: Template;
  /** So many must approve; one denial is enough. */
  quorum: number;
  /** The fields that an approver fills in. */
  form: Record<string, InputSpec>;
  /** Whoever started the run may approve, too. */
  self_approval: boolean;
  expiry_seconds: number;
}

/** A run of another directive, with a history, a journal and an end of its own. */
export interface DirectiveStep extends StepCommon {
  kind: 'directive';
  directive: string;
  /** A semver range; absent = the directive as it is when the step begins. */
  range?: string;
  inputs: JsonObject;
}

/** A question to a model, which may call tools before it answers. */
export interface LlmStep extends StepCommon {
  kind: 'llm';
  /** `{prompt, system?, model?}`: rendered before the first turn. */
  request: JsonObject;
  /** What the tools are called towards the model, by the place of their step in `steps` less one. */
  tools: string[];
  /** JSON Schema of the answer; absent = text. */
  output_schema?: JsonObject;
  max_turns: number;
  /** One turn, then the calls of its tools: each run again and again, by the model's choice. */
  steps: [TurnStep, ...CallStep[]];
}

/** One answer of a model. The conversation so far is in the journal. */
export interface TurnStep extends StepCommon {
  kind: 'turn';
}

/** Tells an event. */
export interface EmitStep extends StepCommon {
  kind: 'emit';
  event: Template;
  inputs: JsonObject;
}

/** A step that does its work outside the run, in an attempt that may fail. */
export type CallStep = ScriptStep | McpStep | EmitStep | TurnStep;

/** A step that time, people or another run end. */
export type AwaitedStep = WaitStep | ApproveStep | DirectiveStep;

/** A step that is made of steps. */
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

/** One step, by kind. A new kind does not compile until KINDS, its builder, its runner and its definition are there. */
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
/** A turn is no step of an author's: it comes with its conversation. */
export type AuthoredKind = Exclude<StepKind, 'turn'>;

/** When hooks are asked, and what they may answer. */
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

/** A reaction: an answer, or steps whose result has it as `action`. */
export interface Hook {
  /** A condition template; absent = always. */
  when?: Template;
  action?: HookAnswer;
  steps?: PlanStep[];
}

export type Hooks = Partial<Record<HookMoment, Hook[]>>;

/** What becomes of a run when as many as may have its key are under way. */
export const ON_FULL = ['wait', 'skip', 'cancel_oldest'] as const;
export type OnFull = (typeof ON_FULL)[number];

/** How many runs with the same key there may be at once, across the platform. */
export interface ConcurrencyRule {
  /** Rendered with the inputs when a run is accepted. */
  key: string;
  limit: number;
  on_full: OnFull;
}

/** A compiled directive: plain frozen data, pinned in the run's input and stored by hash. */
export interface Plan {
  version: typeof PLAN_VERSION;
  name: string;
  directive_version: string;
  description?: string;
  inputs: Record<string, InputSpec>;
  /** `verb:resource[:scope]`; null = the actor's own rights. */
  permissions: string[] | null;
  limits: Limits;
  concurrency?: ConcurrencyRule;
  trace: 'auto' | 'step';
  steps: PlanStep[];
  /** Asked about every step, and when a limit is met. */
  hooks?: Hooks;
  /** Run at the end, whatever happened. */
  always?: PlanStep[];
}

/** Tool calls of one turn that are made; the model is told that the others were not. */
export const MAX_CALLS = 16;

/** Names and bounds of the engine that several processes rely on. */
export const MAX_INLINE_BYTES = 128 * 1024;
/** A Plan travels in its run's input, beside what a long run carries on; the engine takes 2 MiB. */
export const MAX_PLAN_LENGTH = 1024 * 1024;
export const MAX_INPUT_BYTES = 1024 * 1024;
