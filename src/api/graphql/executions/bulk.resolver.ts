import { Inject } from '@nestjs/common';
import { Args, Mutation, Resolver } from '@nestjs/graphql';
import type { Principal } from '../../../access/principal.js';
import { rightsOf } from '../../../access/rights.js';
import { BulkService } from '../../../kernel/bulk-service.js';
import { CancelService } from '../../../kernel/cancel-service.js';
import { RerunService } from '../../../replays/rerun-service.js';
import { RunControl } from '../../../kernel/run-control.js';
import { needs } from '../../rights/needs.js';
import { Requires } from '../../rights/requires.decorator.js';
import { Actor, Caller } from '../schema/actor.decorator.js';
import { BulkOutcome, toBulkOutcome } from './bulk-outcome.type.js';
import { BulkArgs, BulkCancelArgs, BulkRerunArgs } from './bulk.args.js';

/** Cancels, pauses, resumes and re-runs all runs that match a filter. */
@Resolver(() => BulkOutcome)
export class BulkResolver {
  constructor(
    @Inject(BulkService) private readonly desk: BulkService,
    @Inject(CancelService) private readonly canceller: CancelService,
    @Inject(RunControl) private readonly control: RunControl,
    @Inject(RerunService) private readonly rerunner: RerunService,
  ) {}

  @Requires('write:executions:cancel')
  @Mutation(() => BulkOutcome, { name: 'cancelExecutions' })
  async cancel(@Args() args: BulkCancelArgs, @Caller() caller: Principal) {
    const { reason, force, graceSeconds, ...which } = args;
    if (force || graceSeconds != null) needs(caller, 'write:executions:force_cancel');
    const { actor } = caller;
    const request = { actor, reason, force, graceSeconds };
    const outcome = await this.desk.run('cancel', { ...which, actor }, async (id) => {
      await this.canceller.cancel(id, request);
      return null;
    });
    return toBulkOutcome(outcome);
  }

  @Requires('write:executions:pause')
  @Mutation(() => BulkOutcome, { name: 'pauseExecutions' })
  async pause(@Args() args: BulkArgs, @Actor() actor: string) {
    const outcome = await this.desk.run('pause', { ...args, actor }, async (id) => {
      await this.control.pause(id, actor);
      return null;
    });
    return toBulkOutcome(outcome);
  }

  @Requires('write:executions:resume')
  @Mutation(() => BulkOutcome, { name: 'resumeExecutions' })
  async resume(@Args() args: BulkArgs, @Actor() actor: string) {
    const outcome = await this.desk.run('resume', { ...args, actor }, async (id) => {
      await this.control.resume(id, actor);
      return null;
    });
    return toBulkOutcome(outcome);
  }

  @Requires('write:executions:rerun')
  @Mutation(() => BulkOutcome, { name: 'rerunExecutions' })
  async rerun(@Args() args: BulkRerunArgs, @Caller() caller: Principal) {
    const { fromStep, version, ...which } = args;
    const { actor } = caller;
    const speaker = { actor, rights: rightsOf(caller) };
    const outcome = await this.desk.run('rerun', { ...which, actor }, async (id) => {
      const started = await this.rerunner.rerun(id, { fromStep, version, ...speaker });
      return started.id;
    });
    return toBulkOutcome(outcome);
  }
}
