import { MissionError } from '../../src/contracts/errors.js';
import { isObject, type Json, type JsonObject } from '../../src/contracts/json/json.js';
import {
  HOOK_ANSWERS,
  type HookMoment,
  type Plan,
  type PlanStep,
} from '../../src/contracts/plan.js';
import type { TurnCall, TurnResult } from '../../src/contracts/model-turn.js';
import { render } from '../../src/language/expression/template.js';
import { said } from './behave.js';
import { BROUGHT, COMES, decisionAt } from './outside.js';

/** What scripts do: a pure function, so that any two ways to run a plan can be compared. */
export type Behaviour = (call: {
  script: string;
  path: string;
  iteration: string;
  attempt: number;
  inputs: Json;
}) => Json;

/** What a plan comes to. */
export interface Answer {
  status: 'success' | 'error';
  result: Json;
  error?: { code: string; message: string; step?: string };
  /** `path#iteration~attempt`, in order. */
  calls: string[];
  /** `path#iteration` → the status of the step's row. */
  rows: Map<string, string>;
  /** A loop with several lanes was broken off: what the others did meanwhile is open. */
  racy: boolean;
}

class Failure extends Error {
  constructor(
    readonly error: { code: string; message: string; step?: string; data?: Json },
    readonly retryable = true,
    readonly fatal = false,
    /** The step had succeeded, and hooks said otherwise. */
    readonly late = false,
  ) {
    super(error.message);
  }
}

function allowed(moment: HookMoment, answer: Json): Json | undefined {
  const answers: readonly Json[] = HOOK_ANSWERS[moment];
  if (answer === null) return undefined;
  if (answers.includes(answer)) return answer;
  const text = `a hook of ${moment} returned the action ${JSON.stringify(answer)}; the actions are ${answers.join(', ')}`;
  throw new MissionError('output_invalid', text, undefined, { retryable: false });
}

/** What hooks said of a step that had finished. */
class Afterwards extends Error {
  constructor(override readonly cause: unknown) {
    super();
  }
}

class Return extends Error {
  constructor(readonly value: Json) {
    super();
  }
}

/** What a step or a block leaves behind. */
interface Outcome {
  skipped: boolean;
  result: Json;
  named: JsonObject;
  word?: string;
  looped: boolean;
}

const NOTHING: Outcome = { skipped: true, result: null, named: {}, looped: false };

class Scope {
  result: Json;
  named: JsonObject = {};
  /** The newest result of each step, nearest first. */
  results: [string, Json][] = [];
  looped = false;
  touched = false;
  word?: string;

  constructor(
    readonly outer?: Scope,
    readonly locals: JsonObject = {},
  ) {
    this.result = outer?.result ?? null;
  }

  chain(): Scope[] {
    return [this, ...(this.outer?.chain() ?? [])];
  }

  finish(step: PlanStep, { skipped, result, named, looped }: Outcome): void {
    this.named = { ...this.named, ...named };
    if (skipped) return;
    this.touched = true;
    this.result = result;
    this.results = [[step.name, result], ...this.results.filter(([name]) => name !== step.name)];
    this.named[step.name] = result;
    if (step.kind === 'foreach' || looped) this.looped = true;
    const status = isObject(result) && Object.hasOwn(result, 'status') ? result.status : null;
    const leaf = !['conditional', 'foreach', 'while', 'parallel'].includes(step.kind);
    if (leaf && typeof status === 'string' && /^.{1,200}$/s.test(status)) this.word = status;
  }

  /** As it is now: what finishes later is not in it. */
  copy(): Scope {
    const copy = new Scope(this.outer?.copy(), this.locals);
    return Object.assign(copy, {
      result: this.result,
      named: { ...this.named },
      results: [...this.results],
      looped: this.looped,
      touched: this.touched,
    });
  }

  outcome(): Outcome {
    const { named, looped, word } = this;
    return {
      skipped: !this.touched,
      result: this.touched ? this.result : null,
      named,
      looped,
      word,
    };
  }

  lookup(name: string): Json | undefined {
    const chain = this.chain();
    if (name === 'result') return this.result;
    if (name === 'steps') return Object.assign({}, ...chain.toReversed().map((s) => s.named));
    for (const { locals } of chain) if (Object.hasOwn(locals, name)) return locals[name];
    for (const [, result] of chain.flatMap((scope) => scope.results)) {
      if (isObject(result) && Object.hasOwn(result, name)) return result[name];
    }
    return name.endsWith('_count') && chain.some((scope) => scope.looped) ? 0 : undefined;
  }
}

/** The rules of the language, walked step by step: no segments, no records, nothing at the same time. */
export function ask(plan: Plan, inputs: JsonObject, behave: Behaviour, id = 'run'): Answer {
  return new Oracle(plan, inputs, behave, id).answer();
}

class Oracle {
  private readonly calls: string[] = [];
  private readonly rows = new Map<string, string>();
  private racy = false;
  private spent = { steps: 0, iterations: 0, spawns: 0, tokens: 0 };
  private bounds: { steps: number; iterations: number; spawns: number; tokens?: number };
  /** Inside hooks none are asked; nor are they where a run ends. */
  private asking = false;
  /** What has happened to a step: a step around it that is tried again does not undo it. */
  private readonly begun = new Set<string>();
  private readonly ended = new Map<string, Outcome>();
  private readonly branch = new Map<string, 'then' | 'else'>();
  private readonly attempts = new Map<string, number>();

  constructor(
    private readonly plan: Plan,
    private readonly inputs: JsonObject,
    private readonly behave: Behaviour,
    /** Of the run. */
    private readonly id: string,
  ) {
    this.bounds = plan.limits;
  }

  /** What has a compensation and has finished, in that order. */
  private readonly undo: { step: PlanStep; scope: Scope; at: number[] }[] = [];

  private done(step: PlanStep, scope: Scope, at: number[], outcome: Outcome): void {
    if (!step.compensate || outcome.skipped) return;
    const then = scope.copy();
    then.finish(step, outcome);
    this.undo.push({ step, scope: then, at });
  }

  /** Undoes, and does what is always to be done, within a tenth of the limits. */
  private conclude(answer: Answer, scope: Scope): Answer {
    const { limits, always } = this.plan;
    const left = (limit: 'steps' | 'iterations' | 'spawns', least: number) =>
      this.spent[limit] + Math.max(least, Math.ceil(limits[limit] / 10));
    this.bounds = {
      steps: left('steps', 100),
      iterations: left('iterations', 100),
      spawns: left('spawns', 10),
      tokens: this.spent.tokens + Math.max(1, Math.ceil((limits.tokens ?? Infinity) / 10)),
    };
    this.asking = true;
    if (/^(steps|iterations|spawns|tokens)_exceeded$/.test(answer.error?.code ?? ''))
      this.tell(answer, scope);
    if (answer.status === 'error') this.undoAll();
    const error = answer.error ? ({ ...answer.error } as JsonObject) : null;
    try {
      if (always) this.list(always, new Scope(scope, { error }), []);
    } catch (thrown) {
      if (!(thrown instanceof Failure)) throw thrown;
      if (answer.status === 'error') return answer;
      const message = `always: ${thrown.error.message}`;
      return {
        ...answer,
        status: 'error',
        result: null,
        error: { code: 'always_failed', message },
      };
    }
    return answer;
  }

  private tell({ error }: Answer, scope: Scope): void {
    try {
      this.ask('on_limit', '.hooks', scope, [], { error: { ...error } as JsonObject });
    } catch (thrown) {
      if (!(thrown instanceof Failure) && !(thrown instanceof MissionError)) throw thrown;
    }
  }

  /** What the first hook answers whose condition holds. */
  private ask(
    moment: HookMoment,
    below: string,
    scope: Scope,
    at: number[],
    locals: JsonObject,
  ): Json | undefined {
    for (const [index, { when, action, steps }] of (this.plan.hooks?.[moment] ?? []).entries()) {
      const inner = new Scope(scope, locals);
      const path = `${below}/.${moment}/${index}`;
      const here = { path, name: path, kind: 'set' } as PlanStep;
      if (when !== undefined && !this.condition(when, inner, here, at, false, 'when')) continue;
      if (action) return action;
      const own = `.hooks/.${moment}/${index}`;
      const moved = (steps ?? []).map((step) => ({
        ...step,
        path: `${path}${step.path.slice(own.length)}`,
      }));
      const before = this.asking;
      this.asking = true;
      try {
        this.list(moved, inner, at);
      } finally {
        this.asking = before;
      }
      const { touched, result } = inner;
      const has = touched && isObject(result) && Object.hasOwn(result, 'action');
      return has && moment !== 'on_limit' ? allowed(moment, result.action!) : undefined;
    }
    return undefined;
  }

  private askAbout(
    moment: 'before_step' | 'after_step' | 'on_error',
    { name, kind, path }: PlanStep,
    scope: Scope,
    at: number[],
    attempt: number,
    more: JsonObject = {},
    late = false,
  ): Json | undefined {
    if (this.asking || kind === 'turn') return undefined;
    const locals = { step: { name, kind, path, attempt }, ...more };
    const occasion = late ? 1010 : moment === 'after_step' ? 0 : attempt - 1;
    const answer = this.ask(moment, path, scope, [...at, occasion], locals);
    if (moment === 'on_error' || (answer !== 'fail' && answer !== 'abort')) return answer;
    const message = `a hook of ${moment} returned "${answer}" for ${name}`;
    throw new Failure({ code: 'hook_failed', message, step: name }, false, answer === 'abort');
  }

  private undoAll(): void {
    for (const { step, scope, at } of this.undo.reverse()) {
      try {
        this.list(step.compensate!, new Scope(scope), at);
      } catch (thrown) {
        if (!(thrown instanceof Failure)) throw thrown;
        if (thrown.fatal) return;
      }
    }
  }

  answer(): Answer {
    const scope = new Scope();
    return this.conclude(this.steps(scope), scope);
  }

  private steps(scope: Scope): Answer {
    const { calls, rows } = this;
    try {
      this.list(this.plan.steps, scope, []);
      const { result } = scope.outcome();
      return { status: 'success', result, calls, rows, racy: this.racy };
    } catch (thrown) {
      if (thrown instanceof Return) {
        return { status: 'success', result: thrown.value, calls, rows, racy: this.racy };
      }
      if (!(thrown instanceof Failure)) throw thrown;
      return { status: 'error', result: null, error: thrown.error, calls, rows, racy: this.racy };
    }
  }

  private list(steps: readonly PlanStep[], scope: Scope, at: number[]): void {
    for (const step of steps) scope.finish(step, this.step(step, scope, at));
  }

  private step(step: PlanStep, scope: Scope, at: number[]): Outcome {
    const key = `${step.path}#${at.join('.')}`;
    const known = this.ended.get(key);
    if (known) return known;
    const outcome = this.tried(step, scope, at, key);
    this.ended.set(key, outcome);
    return outcome;
  }

  private tried(step: PlanStep, scope: Scope, at: number[], key: string): Outcome {
    for (;;) {
      try {
        const outcome = this.attempt(step, scope, at, key);
        this.done(step, scope, at, outcome);
        if (!outcome.skipped) this.finished(step, scope, at, outcome);
        return outcome;
      } catch (thrown) {
        const failure = this.failureOf(thrown, step, key);
        const attempt = this.attempts.get(key) ?? 1;
        if (this.mayRetry(step, failure, attempt)) continue;
        const answer = this.answerTo(failure, step, scope, at, attempt);
        if (answer === 'retry') continue;
        if (!step.on_error && !answer) throw failure;
        if (step.on_error === 'continue' || answer) return { ...NOTHING, skipped: false };
        const handler = new Scope(scope, { error: { ...failure.error, attempt } as JsonObject });
        this.list(step.on_error!, handler, at);
        return handler.outcome();
      }
    }
  }

  /** What never began is not tried again. */
  private mayBegin(step: PlanStep, scope: Scope, at: number[], attempt: number): Json | undefined {
    try {
      return this.askAbout('before_step', step, scope, at, attempt);
    } catch (thrown) {
      if (!(thrown instanceof Failure)) throw thrown;
      throw new Failure(thrown.error, false, thrown.fatal);
    }
  }

  /** A row that tells of success stays, whatever hooks say afterwards. */
  private finished(step: PlanStep, scope: Scope, at: number[], outcome: Outcome): void {
    const then = new Scope(scope);
    then.finish(step, outcome);
    try {
      const attempt = this.attempts.get(`${step.path}#${at.join('.')}`) ?? 1;
      this.askAbout('after_step', step, then, at, attempt);
    } catch (thrown) {
      throw thrown instanceof MissionError || thrown instanceof Failure
        ? new Afterwards(thrown)
        : thrown;
    }
  }

  private answerTo(
    { error, retryable, late }: Failure,
    step: PlanStep,
    scope: Scope,
    at: number[],
    attempt: number,
  ): 'retry' | 'continue' | undefined {
    let answer: Json | undefined;
    try {
      const told = { error: { ...error, attempt } as JsonObject };
      answer = this.askAbout('on_error', step, scope, at, attempt, told, late);
    } catch (thrown) {
      const failed = thrown instanceof MissionError || (thrown instanceof Failure && !thrown.fatal);
      if (!failed) throw thrown;
    }
    if (answer === 'abort') throw new Failure(error, retryable, true);
    if (answer === 'continue' || answer === 'skip') return 'continue';
    const may = retryable && attempt < (step.retry?.attempts ?? 1) + 10;
    return answer === 'retry' && may ? 'retry' : undefined;
  }

  /** One attempt; the first decides whether the step runs at all, and counts. */
  private attempt(step: PlanStep, scope: Scope, at: number[], key: string): Outcome {
    const attempt = (this.attempts.get(key) ?? 0) + 1;
    this.attempts.set(key, attempt);
    if (!this.begun.has(key)) {
      if (step.if !== undefined && !this.condition(step.if, scope, step, at, false)) {
        this.rows.set(key, 'skipped');
        return NOTHING;
      }
      if (this.mayBegin(step, scope, at, attempt) === 'skip') {
        this.rows.set(key, 'skipped');
        return NOTHING;
      }
      this.spend('steps');
      this.begun.add(key);
    }
    const outcome = this.act(step, scope, at, key, attempt);
    this.rows.set(key, 'success');
    return outcome;
  }

  private failureOf(thrown: unknown, step: PlanStep, key: string): Failure {
    const afterwards = thrown instanceof Afterwards;
    if (thrown instanceof Afterwards) thrown = thrown.cause;
    if (thrown instanceof Return && step.kind === 'return') this.rows.set(key, 'success');
    if (thrown instanceof MissionError) {
      const { code, message, data, retryable } = thrown;
      const error = { code, message, step: step.name, ...(data === undefined ? {} : { data }) };
      const again = !afterwards && retryable !== false;
      thrown = new Failure(error, again);
    }
    if (!(thrown instanceof Failure)) throw thrown;
    if (!afterwards) this.rows.set(key, 'error');
    if (thrown.fatal) throw thrown;
    return afterwards ? new Failure(thrown.error, false, false, true) : thrown;
  }

  private mayRetry(step: PlanStep, { error, retryable }: Failure, attempt: number): boolean {
    const composite = ['conditional', 'foreach', 'while', 'parallel', 'directive', 'llm'].includes(
      step.kind,
    );
    const transient = ['timeout', 'mcp_disconnected', 'too_many_requests', 'unavailable'];
    const usual = !composite && transient.includes(error.code) ? { attempts: 3 } : undefined;
    const policy = step.retry ?? usual;
    if (!policy || !retryable || attempt >= policy.attempts) return false;
    if (step.retry?.abort_on?.includes(error.code)) return false;
    if (step.retry?.retry_on) return step.retry.retry_on.includes(error.code);
    const never = [
      'permission_denied',
      'script_not_available',
      'input_invalid',
      'expression_error',
    ];
    return !never.includes(error.code);
  }

  private act(step: PlanStep, scope: Scope, at: number[], key: string, attempt: number): Outcome {
    const done = (result: Json): Outcome => ({ ...NOTHING, skipped: false, result });
    const value = (template: Json) => this.render(template, scope, step, at);
    switch (step.kind) {
      case 'set':
        return done(value(step.values));
      case 'script': {
        const inputs = value(step.inputs);
        this.calls.push(`${key}~${attempt}`);
        const { script, path } = step;
        return done(this.behave({ script, path, iteration: at.join('.'), attempt, inputs }));
      }
      case 'directive': {
        this.spend('spawns');
        const inputs = value(step.inputs);
        this.calls.push(`${key}~${attempt}`);
        const { directive, path } = step;
        const call = { script: directive, path, iteration: at.join('.'), attempt, inputs };
        try {
          return done(this.behave(call));
        } catch (thrown) {
          if (!(thrown instanceof MissionError)) throw thrown;
          throw new MissionError(thrown.code, `${directive}: ${thrown.message}`, thrown.data);
        }
      }
      case 'emit': {
        const inputs = { event: value(step.event), data: value(step.inputs) };
        this.calls.push(`${key}~${attempt}`);
        const { path } = step;
        return done(this.behave({ script: '', path, iteration: at.join('.'), attempt, inputs }));
      }
      case 'wait':
        return done(this.awaited(step, value));
      case 'approve':
        return done(this.decided(step, value(step.who), at));
      case 'return':
        throw new Return(value(step.value));
      case 'fail': {
        const code = step.code === undefined ? 'directive_failed' : String(value(step.code));
        const message = value(step.message);
        const data = step.data === undefined ? undefined : value(step.data);
        const text =
          typeof message === 'string' ? message : message === null ? '' : JSON.stringify(message);
        throw new MissionError(code, text, data, { retryable: false });
      }
      case 'conditional': {
        const taken =
          this.branch.get(key) ??
          (this.condition(step.test, scope, step, at, true) ? 'then' : 'else');
        this.branch.set(key, taken);
        const inner = new Scope(scope);
        this.list(step[taken], inner, at);
        return inner.outcome();
      }
      case 'foreach':
        return this.loop(step, scope, at);
      case 'parallel':
        return this.branches(step, scope, at, key);
      case 'while':
        return this.turns(step, scope, at, key);
      case 'llm':
        return done(this.conversation(step, scope, at, key));
      case 'turn': {
        this.calls.push(`${key}~${attempt}`);
        const call = { path: step.path, iteration: at.join('.'), attempt };
        return done(said(value('{{ tools }}') as string[], call) as unknown as Json);
      }
      default:
        throw new Error(`no ${step.kind} here`);
    }
  }

  private awaited(step: PlanStep & { kind: 'wait' }, value: (template: Json) => Json): Json {
    const name = step.signal ?? step.event;
    const seconds = step.duration_seconds === undefined ? 0 : value(step.duration_seconds);
    if (typeof seconds !== 'number' || seconds < 0) {
      const message = `wait.duration_seconds must be a number of seconds, but is ${seconds}`;
      throw new MissionError('expression_error', message, undefined, { retryable: false });
    }
    if (name !== undefined && value(name) === COMES) return BROUGHT;
    const never = name === undefined ? seconds : Infinity;
    if (never <= (step.timeout_seconds ?? Infinity)) return {};
    const message = `${step.name} waited ${step.timeout_seconds} s, and what it waits for did not arrive`;
    throw new MissionError('wait_expired', message, undefined, { retryable: false });
  }

  private decided(step: PlanStep & { kind: 'approve' }, who: Json, at: number[]): Json {
    if (typeof who !== 'string') {
      const message = `approve.who must be a name or a list of names, but is ${JSON.stringify(who)}`;
      throw new MissionError('expression_error', message, undefined, { retryable: false });
    }
    const { status, by, comment, form } = decisionAt(step.path, at.join('.'));
    const answer = { by, comment, form };
    if (status === 'approved') return { decision: 'approved', ...answer };
    const why =
      status === 'denied' ? 'somebody denied it' : `nobody decided within ${step.expiry_seconds} s`;
    const message = `${step.name} was not approved: ${why}`;
    throw new MissionError(`approval_${status}`, message, answer, { retryable: false });
  }

  private loop(step: PlanStep & { kind: 'foreach' }, scope: Scope, at: number[]): Outcome {
    const list = this.render(step.items, scope, step, at) ?? [];
    if (!Array.isArray(list)) {
      const shown = (typeof list === 'string' ? list : JSON.stringify(list)).slice(0, 100);
      throw new MissionError('expression_error', `foreach: expected a list, got ${shown}`);
    }
    if (step.max_iterations !== undefined && list.length > step.max_iterations) {
      throw new MissionError(
        'iterations_exceeded',
        `the list has ${list.length} items, more than max_iterations: ${step.max_iterations}`,
        null,
        { retryable: false },
      );
    }
    const items: Json[] = [];
    const errors: Json[] = [];
    const named: JsonObject = {};
    const tallies: Record<string, number> = {};
    list.forEach((item, index) => {
      const outcome = this.iteration(step, scope, [...at, index], item, list.length);
      items.push('error' in outcome ? null : outcome.result);
      if ('error' in outcome) return void errors.push(outcome.error);
      Object.assign(named, outcome.named);
      if (outcome.word !== undefined) tallies[outcome.word] = (tallies[outcome.word] ?? 0) + 1;
    });
    const counts = Object.entries(tallies).map(([word, n]) => [`${word}_count`, n]);
    const result = { items, errors, count: items.length, ...Object.fromEntries(counts) };
    return { ...NOTHING, skipped: false, result, named };
  }

  private readonly branched = new Map<string, Outcome>();

  /** One after the other; where the order could tell, the outcome is open. */
  private branches(
    step: PlanStep & { kind: 'parallel' },
    scope: Scope,
    at: number[],
    key: string,
  ): Outcome {
    const several = step.branches.length > 1;
    if (several && step.wait_for < step.branches.length) this.racy = true;
    step.branches.forEach((steps, index) => {
      if (this.branched.has(`${key} ${index}`)) return;
      const inner = new Scope(scope);
      try {
        this.list(steps, inner, at);
      } catch (thrown) {
        this.racy ||= several;
        throw thrown;
      }
      this.branched.set(`${key} ${index}`, inner.outcome());
    });
    const outcomes = step.branches.map((_, index) => this.branched.get(`${key} ${index}`)!);
    return {
      skipped: false,
      result: { branches: outcomes.map(({ result }) => result) },
      named: Object.assign({}, ...outcomes.map(({ named }) => named)),
      looped: outcomes.some(({ looped }) => looped),
    };
  }

  private readonly turned = new Map<string, { body: Scope; count: number }>();

  private turns(
    step: PlanStep & { kind: 'while' },
    scope: Scope,
    at: number[],
    key: string,
  ): Outcome {
    const state = this.turned.get(key) ?? { body: new Scope(scope), count: 0 };
    this.turned.set(key, state);
    const { body } = state;
    for (;;) {
      const turn = `${step.path}[]#${[...at, state.count].join('.')}`;
      if (!this.begun.has(turn)) {
        if (!this.condition(step.test, body, step, at, true, 'while')) break;
        if (state.count >= (step.max_iterations ?? Infinity)) {
          const text = `the condition is still true after max_iterations: ${step.max_iterations}`;
          throw new MissionError('iterations_exceeded', text, null, { retryable: false });
        }
        this.spend('iterations');
        this.begun.add(turn);
      }
      this.list(step.steps, body, [...at, state.count]);
      state.count++;
    }
    const last = body.touched ? body.result : null;
    const { named, looped } = body.outcome();
    return { skipped: false, result: { count: state.count, last }, named, looped };
  }

  private readonly conversations = new Map<string, { count: number; problem?: string }>();

  /** Turns and calls until there is an answer. What a tool fails with is the model's business. */
  private conversation(
    step: PlanStep & { kind: 'llm' },
    scope: Scope,
    at: number[],
    key: string,
  ): Json {
    const state = this.conversations.get(key) ?? { count: 0 };
    this.conversations.set(key, state);
    for (; state.count < step.max_turns; state.count++) {
      const here = [...at, state.count];
      this.mayAsk((spent, most) => spent >= most);
      if (state.count === 0) this.render(step.request, scope, step, at);
      const body = new Scope(scope, { tools: step.tools });
      this.turn(step, body, here);
      const turn = body.result as unknown as TurnResult;
      this.spent.tokens += turn.usage.input_tokens + turn.usage.output_tokens;
      this.mayAsk((spent, most) => spent > most);
      if (turn.calls.length === 0 && turn.problem === undefined)
        return turn.output ?? { text: turn.text };
      turn.calls.forEach((call, index) => {
        if (call.problem === undefined) this.called(step, call, scope, [...here, index]);
      });
      state.problem = turn.problem;
    }
    const turns = `${step.max_turns} turn${step.max_turns === 1 ? '' : 's'}`;
    const [code, text] =
      state.problem === undefined
        ? ['model_error', `the model still calls tools after ${turns}. Raise max_turns.`]
        : ['output_invalid', `after ${turns} the answer is still invalid: ${state.problem}`];
    throw new MissionError(code, `${step.name}: ${text}`, null, { retryable: false });
  }

  /** Its failure is told as the whole step's. */
  private turn(step: PlanStep & { kind: 'llm' }, body: Scope, at: number[]): void {
    try {
      this.list([step.steps[0]], body, at);
    } catch (thrown) {
      if (!(thrown instanceof Failure) || thrown.fatal) throw thrown;
      throw new Failure({ ...thrown.error, step: step.name }, thrown.retryable);
    }
  }

  private called(
    step: PlanStep & { kind: 'llm' },
    { tool, arguments: given }: TurnCall,
    scope: Scope,
    at: number[],
  ): void {
    try {
      const call = step.steps[1 + step.tools.indexOf(tool)]!;
      this.list([call], new Scope(scope, { arguments: given }), at);
    } catch (thrown) {
      if (!(thrown instanceof Failure) || thrown.fatal) throw thrown;
    }
  }

  private mayAsk(isOver: (spent: number, most: number) => boolean): void {
    if (!isOver(this.spent.tokens, this.bounds.tokens ?? Infinity)) return;
    throw new Failure({ code: 'tokens_exceeded', message: 'tokens' }, false, true);
  }

  private readonly failedItems = new Map<string, { error: Json }>();

  private iteration(
    step: PlanStep & { kind: 'foreach' },
    scope: Scope,
    at: number[],
    item: Json,
    count: number,
  ): Outcome | { error: Json } {
    const key = `${step.path}[]#${at.join('.')}`;
    const known = this.ended.get(key) ?? this.failedItems.get(key);
    if (known) return known;
    const index = at.at(-1)!;
    const block = new Scope(scope, { item, index });
    try {
      if (!this.begun.has(key)) this.spend('iterations');
      this.begun.add(key);
      this.list(step.steps, block, at);
      this.ended.set(key, block.outcome());
      return block.outcome();
    } catch (thrown) {
      const failed = thrown instanceof Failure && !thrown.fatal;
      if (!failed || step.item_error === 'fail') {
        if (step.concurrency > 1 && count > 1) this.racy = true;
        throw thrown;
      }
      const { code, message } = thrown.error;
      const named = step.key === undefined ? null : this.render(step.key, block, step, at);
      const error = { index, key: named, code, message };
      this.failedItems.set(key, { error });
      return { error };
    }
  }

  private condition(
    test: Json,
    scope: Scope,
    step: PlanStep,
    at: number[],
    mayRetry: boolean,
    what = 'if',
  ) {
    let message = '';
    try {
      const value = this.render(test, scope, step, at);
      message = `${what}: expected true, false or null, got ${JSON.stringify(value).slice(0, 100)}`;
      if (value === null || typeof value === 'boolean') return value === true;
    } catch (thrown) {
      if (mayRetry || !(thrown instanceof MissionError)) throw thrown;
      throw new MissionError(thrown.code, thrown.message, thrown.data, { retryable: false });
    }
    throw new MissionError('expression_error', message, undefined, { retryable: mayRetry });
  }

  private spend(limit: 'steps' | 'iterations' | 'spawns'): void {
    if (this.spent[limit] >= this.bounds[limit]) {
      throw new Failure({ code: `${limit}_exceeded`, message: limit }, false, true);
    }
    this.spent[limit]++;
  }

  private render(template: Json, scope: Scope, step: PlanStep, at: number[]): Json {
    const { inputs, plan } = this;
    return render(template, {
      lookup: (name) => {
        if (name === 'inputs') return inputs;
        if (name === 'run') return { id: this.id, directive: plan.name };
        return scope.lookup(name);
      },
      now: () => '2026-01-01T00:00:00.000Z',
      seed: () => `${this.id}:${step.path}:${at.join('.')}`,
    });
  }
}
