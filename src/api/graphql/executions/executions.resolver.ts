import { Inject } from '@nestjs/common';
import { Args, Float, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { Principal } from '../../../access/principal.js';
import { MissionError } from '../../../contracts/errors.js';
import type { Json } from '../../../contracts/json/json.js';
import { CancelService } from '../../../kernel/cancel-service.js';
import { Executor } from '../../../kernel/execute.js';
import { RerunService } from '../../../replays/rerun-service.js';
import { RunControl } from '../../../kernel/run-control.js';
import { ShadowService } from '../../../replays/shadow-service.js';
import { ExecutionReader } from '../../../observation/readers/execution.reader.js';
import { needs } from '../../rights/needs.js';
import { rightsOf } from '../../../access/rights.js';
import { Requires } from '../../rights/requires.decorator.js';
import { objectOf } from '../../shared/object-of.js';
import { startRequest } from '../../shared/start-request.js';
import { Actor, Caller } from '../schema/actor.decorator.js';
import { toConnection } from '../schema/connection-of.js';
import { ExecutionFilter } from './execution-filter.input.js';
import { Execution, ExecutionConnection, toExecution } from './execution.type.js';
import { GraphQLJson } from '../schema/json.scalar.js';
import { PageArgs } from '../schema/page.args.js';
import { RerunArgs } from './rerun.args.js';
import { ShadowArgs } from './shadow.args.js';
import { StartArgs } from './start.args.js';

/** Reads, starts, re-runs and controls runs. */
@Resolver(() => Execution)
export class ExecutionsResolver {
  constructor(
    @Inject(ExecutionReader) private readonly executions: ExecutionReader,
    @Inject(Executor) private readonly executor: Executor,
    @Inject(CancelService) private readonly canceller: CancelService,
    @Inject(RerunService) private readonly rerunner: RerunService,
    @Inject(ShadowService) private readonly shadower: ShadowService,
    @Inject(RunControl) private readonly control: RunControl,
  ) {}

  @Requires('read:executions')
  @Query(() => ExecutionConnection, { name: 'executions', description: 'Runs, newest first.' })
  async list(
    @Args() page: PageArgs,
    @Args('filter', { type: () => ExecutionFilter, nullable: true }) filter: ExecutionFilter | null,
  ) {
    return toConnection(await this.executions.page(filter ?? {}, page), toExecution, !!page.after);
  }

  @Requires('read:executions')
  @Query(() => Execution, { name: 'execution', nullable: true })
  async one(@Args('id', { type: () => ID }) id: string) {
    const row = await this.executions.find(id);
    return row && toExecution(row);
  }

  @Requires('execute:directives')
  @Mutation(() => Execution, { name: 'startExecution' })
  async start(@Args() args: StartArgs, @Caller() caller: Principal) {
    const { id } = await this.executor.start(startRequest(args, caller));
    return this.existing(id);
  }

  @Requires('write:executions:rerun')
  @Mutation(() => Execution, {
    name: 'rerunExecution',
    description:
      'Starts a new run that repeats a finished one: all of it, or from a step, or from one iteration of a loop. Results of earlier steps are reused.',
  })
  async rerun(@Args() args: RerunArgs, @Caller() caller: Principal) {
    const { id, inputs, ...where } = args;
    const changed = inputs == null ? null : objectOf(inputs, 'inputs');
    const run = await this.rerunner.rerun(id, { ...where, inputs: changed, ...speakerOf(caller) });
    return this.existing(run.id);
  }

  @Requires('write:executions:shadow')
  @Mutation(() => Execution, {
    name: 'shadowExecution',
    description:
      'Repeats a finished run without external effects: calls, waits, approvals and child runs get their recorded results. The field `shadow` lists the differences.',
  })
  async shadow(@Args() args: ShadowArgs, @Caller() caller: Principal) {
    const { id, inputs, ...how } = args;
    const changed = inputs == null ? null : objectOf(inputs, 'inputs');
    const run = await this.shadower.shadow(id, { ...how, inputs: changed, ...speakerOf(caller) });
    return this.existing(run.id);
  }

  @Requires('write:executions:cancel')
  @Mutation(() => Execution, {
    name: 'cancelExecution',
    description:
      'Requests cancellation of a run. Its compensation and its `always` steps still run. If the run has not ended after the grace period, it is terminated; with `force` it is terminated at once.',
  })
  async cancel(
    @Args('id', { type: () => ID }) id: string,
    @Args('reason', { type: () => String, nullable: true }) reason: string | null,
    @Args('force', { type: () => Boolean, nullable: true }) force: boolean | null,
    @Args('graceSeconds', { type: () => Float, nullable: true }) graceSeconds: number | null,
    @Caller() caller: Principal,
  ) {
    if (force || graceSeconds != null) needs(caller, 'write:executions:force_cancel');
    await this.canceller.cancel(id, { actor: caller.actor, reason, force, graceSeconds });
    return this.existing(id);
  }

  @Requires('write:executions:pause')
  @Mutation(() => Execution, {
    name: 'pauseExecution',
    description: 'Pauses a run: steps in progress are completed, and no further step starts.',
  })
  async pause(@Args('id', { type: () => ID }) id: string, @Actor() actor: string) {
    await this.control.pause(id, actor);
    return this.existing(id);
  }

  @Requires('write:executions:resume')
  @Mutation(() => Execution, { name: 'resumeExecution' })
  async resume(@Args('id', { type: () => ID }) id: string, @Actor() actor: string) {
    await this.control.resume(id, actor);
    return this.existing(id);
  }

  @Requires('write:executions:signal')
  @Mutation(() => Execution, {
    name: 'signalExecution',
    description:
      'Sends a signal to a run. If no step waits for the signal yet, it is kept until one does.',
  })
  async signal(
    @Args('id', { type: () => ID }) id: string,
    @Args('name', { type: () => String }) name: string,
    @Args('payload', { type: () => GraphQLJson, nullable: true }) payload: Json,
    @Actor() actor: string,
  ) {
    await this.control.signal(id, name, payload, actor);
    return this.existing(id);
  }

  private async existing(id: string): Promise<Execution> {
    const row = await this.executions.find(id);
    if (row) return toExecution(row);
    throw new MissionError('not_found', `There is no run ${id}.`);
  }
}

const speakerOf = (caller: Principal) => ({ actor: caller.actor, rights: rightsOf(caller) });
