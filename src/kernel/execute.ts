import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { PermissionLog } from '../access/permissions/permission-log.js';
import { MissionError } from '../contracts/errors.js';
import type { RunCause } from '../contracts/run/automation.js';
import type { Execution, Trigger } from '../contracts/execution.js';
import type { Json, JsonObject } from '../contracts/json/json.js';
import type { Permissions } from '../contracts/permission.js';
import type { Plan } from '../contracts/plan.js';
import type { RunBounds } from '../contracts/run/spent.js';
import type { RunScope } from '../contracts/run/scope.js';
import type { ShadowOrder } from '../contracts/run/shadow.js';
import { planHash } from '../language/plan/plan-hash.js';
import { notAvailable } from './not-available.js';
import { refusedStart, startCheck } from './start-check.js';
import { startInputs } from './start-inputs.js';
import { ACCEPT, type AcceptedRun } from './accept-run.js';
import { Backlog } from './backlog.js';
import type { CheckedDirective, DirectiveRegistry } from './directive-registry.js';
import { slotOf } from './slot-of.js';
import { toExecution } from './to-execution.js';

/** A request to run a directive. The actor comes from the verified key, never from the client's data. */
export interface StartRequest {
  /** The directive's name; ignored when `source` is given. */
  directive: string;
  /** An exact version; absent = the current one. */
  version?: string;
  /** A semver range, instead of a version: see `DirectiveRegistry.within`. */
  range?: string;
  /** The text of a directive that lies in no library. */
  source?: string;
  inputs?: JsonObject;
  /** A repeated start with the same key and actor returns the same run; a different start with that key is a `conflict`. */
  idempotencyKey?: string;
  actor: string;
  /** The rights of the caller, which must include the directive; absent = they were checked before. */
  rights?: Permissions;
  triggeredBy: Trigger;
  /** For a child run: the parent's id and directive, and the limits and rights that the parent leaves to it. */
  parent?: { id: string; directive: string; boundsOf(plan: Plan): RunBounds };
  /** The run that this one repeats. */
  repeats?: Repetition;
  /** The conversation in which the run is started; with a message, the run answers that message by a pinned Plan. */
  thread?: { id: string; answer?: { message_id: string; plan: Plan } };
  /** The automation that starts the run, and the automations whose runs led to it. */
  cause?: RunCause;
}

/** The way in which a run repeats another one. */
export interface Repetition {
  rerunOf?: string;
  /** For a shadow run: the recorded run that answers its calls. */
  shadow?: ShadowOrder;
  /** The Plan of the repeated run; absent = the directive is looked up as for any start. */
  plan?: Plan;
  /** The step at which a re-run begins, and its seed, which is a reference when it is large. */
  from?: { step: string; iteration: string; seed: Json };
}

type Runnable = CheckedDirective & { plan: Plan };

/** The other fields of a directive whose stored Plan is run again: the Plan was valid before. */
const NOTHING_WRONG = { source: 'history', text: '', diagnostics: [] };

/** Accepts runs. A worker's dispatcher carries out what is accepted here. */
export class Executor {
  private readonly backlog: Backlog;
  /** Hashes of Plans that are known to be stored: their JSON is not sent again. */
  private readonly stored = new Set<string>();

  private readonly checks: PermissionLog;

  constructor(
    private readonly dataSource: DataSource,
    private readonly shelf: DirectiveRegistry,
  ) {
    this.backlog = new Backlog(dataSource);
    this.checks = new PermissionLog(dataSource);
  }

  /** Returns the accepted run, or throws a MissionError and writes nothing. */
  async start(request: StartRequest): Promise<Execution> {
    const directive = await this.find(request);
    this.refuseWithoutRight(request, directive.plan.name);
    const inputs = startInputs(directive.plan, request.inputs ?? {});
    // A child run is part of a run that was accepted already, so a full backlog does not refuse it.
    if (!request.parent) await this.backlog.check();
    return this.accept(request, directive, inputs);
  }

  /** Whoever starts a directive needs the right to it, which is checked and recorded here. */
  private refuseWithoutRight(request: StartRequest, directive: string): void {
    const refused = refusedStart(request, directive);
    if (!refused) return;
    this.checks.add(refused);
    throw new MissionError(
      'permission_denied',
      `${request.actor} lacks the right ${refused.permission}.`,
    );
  }

  private async find(request: StartRequest): Promise<Runnable> {
    const found = await this.checked(request);
    const errors = found.diagnostics.filter(({ severity }) => severity === 'error');
    if (errors.length > 0 || !found.plan) {
      const [first] = errors;
      const text = first ? `${first.line}:${first.column} ${first.message}` : 'it has no plan';
      const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
      const see = found.file === undefined ? '' : `; see mission validate ${found.file}`;
      throw new MissionError(
        'directive_invalid',
        `The directive ${found.name} cannot run: ${text}${more}${see}`,
        { diagnostics: found.diagnostics as never },
      );
    }
    refuseUnavailable(found);
    return found as Runnable;
  }

  private async checked({
    directive,
    version,
    range,
    source,
    repeats,
    thread,
  }: StartRequest): Promise<CheckedDirective> {
    const stored = repeats?.plan ?? thread?.answer?.plan;
    if (stored) return { ...NOTHING_WRONG, name: directive, plan: stored };
    if (source !== undefined) {
      const checked = await this.shelf.validate(source);
      return { name: checked.plan?.name ?? directive, source: 'request', text: source, ...checked };
    }
    const found =
      range === undefined
        ? await this.shelf.find(directive, version ?? null)
        : await this.shelf.within(directive, range);
    if (found) return found;
    const which = range === undefined ? version : `within ${range}`;
    const what = which === undefined ? directive : `${directive} ${which}`;
    const hint = which === undefined ? await this.shelf.missing(directive) : undefined;
    throw new MissionError('not_found', `There is no directive ${what}${hint ? `: ${hint}` : '.'}`);
  }

  private async accept(
    request: StartRequest,
    { plan, text }: Runnable,
    inputs: JsonObject,
  ): Promise<Execution> {
    const hash = planHash(plan);
    const known = this.stored.has(hash);
    const id = randomUUID();
    // A shadow run has no effects, so it needs no slot.
    const shadow = request.repeats?.shadow !== undefined;
    const slot = shadow ? undefined : slotOf(plan, runScope(id, plan, request), inputs);
    const [row] = await ACCEPT.run(this.dataSource, {
      id,
      name: plan.name,
      version: plan.directive_version,
      hash,
      plan: known ? null : JSON.stringify(plan),
      source: known ? '' : text,
      trigger: request.triggeredBy,
      actor: request.actor,
      inputs: JSON.stringify(inputs),
      key: request.idempotencyKey ?? null,
      parent: request.parent?.id ?? null,
      bounds: request.parent ? JSON.stringify(request.parent.boundsOf(plan)) : null,
      ...repetitionOf(request),
      slotKey: slot?.key ?? null,
      slotLimit: slot?.limit ?? null,
      slotOnFull: slot?.on_full ?? null,
      thread: request.thread?.id ?? null,
      message: request.thread?.answer?.message_id ?? null,
      rights: request.rights == null ? null : JSON.stringify(request.rights),
      ...startCheck(request),
      ...startCheck(request),
      cause: request.cause ? JSON.stringify(request.cause) : null,
    });
    this.stored.add(hash);
    return row ? toExecution(row) : this.repeated(request, hash, inputs);
  }

  /** The run that was accepted earlier under the idempotency key; throws `conflict` when that start was a different one. */
  private async repeated(
    request: StartRequest,
    hash: string,
    inputs: JsonObject,
  ): Promise<Execution> {
    const [row] = await this.dataSource.query(
      'SELECT * FROM directive_executions WHERE actor = $1 AND idempotency_key = $2',
      [request.actor, request.idempotencyKey],
    );
    const { repeats } = request;
    const place = repeats?.from && { step: repeats.from.step, iteration: repeats.from.iteration };
    const requested = [hash, inputs, repeats?.rerunOf ?? null, place ?? null];
    const known = [row.plan_hash, row.inputs, row.rerun_of, row.rerun_from];
    if (JSON.stringify(known) === JSON.stringify(requested)) return toExecution(row);
    const text = `The idempotency key ${request.idempotencyKey} was already used for a different request (run ${row.id}). Use a new key.`;
    throw new MissionError('conflict', text);
  }
}

type RepetitionValues = Pick<AcceptedRun, 'rerunOf' | 'rerunFrom' | 'seed' | 'shadowOf'>;

function repetitionOf({ repeats }: StartRequest): RepetitionValues {
  const { rerunOf, shadow, from } = repeats ?? {};
  const place = from && JSON.stringify({ step: from.step, iteration: from.iteration });
  const seed = from?.seed ?? shadow;
  return {
    rerunOf: rerunOf ?? null,
    rerunFrom: place ?? null,
    seed: seed ? JSON.stringify(seed) : null,
    shadowOf: shadow?.of ?? null,
  };
}

/** The value of `run` in the expressions of a run that is being accepted. */
const runScope = (id: string, { name }: Plan, request: StartRequest): RunScope => ({
  id,
  directive: name,
  trigger: request.triggeredBy,
  actor: request.actor,
  attempt: 1,
  started_at: new Date().toISOString(),
});

function refuseUnavailable({ name, diagnostics }: CheckedDirective): void {
  const missing = notAvailable(diagnostics);
  if (!missing) return;
  const text = `The directive ${name} cannot run here: ${missing.line}:${missing.column} ${missing.message}`;
  throw new MissionError('script_not_available', text);
}
