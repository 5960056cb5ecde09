import { Inject } from '@nestjs/common';
import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { MissionError } from '../../contracts/errors.js';
import { Executor } from '../../kernel/execute.js';
import { ExecutionReader } from '../../observation/execution.reader.js';
import { Requires } from '../rights/requires.decorator.js';
import { startRequest } from '../start-request.js';
import { Actor } from './actor.decorator.js';
import { toConnection } from './connection-of.js';
import { ExecutionFilter } from './execution-filter.input.js';
import { Execution, ExecutionConnection, toExecution } from './execution.type.js';
import { PageArgs } from './page.args.js';
import { StartArgs } from './start.args.js';

/** Runs: read, start, cancel. */
@Resolver(() => Execution)
export class ExecutionsResolver {
  constructor(
    @Inject(ExecutionReader) private readonly executions: ExecutionReader,
    @Inject(Executor) private readonly executor: Executor,
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
  async start(@Args() args: StartArgs, @Actor() actor: string) {
    const { id } = await this.executor.start(startRequest(args, actor));
    return this.existing(id);
  }

  @Requires('write:executions')
  @Mutation(() => Execution, { name: 'cancelExecution' })
  async cancel(
    @Args('id', { type: () => ID }) id: string,
    @Args('reason', { type: () => String, nullable: true }) reason: string | null,
    @Actor() actor: string,
  ) {
    await this.executor.cancel(id, reason ?? undefined, actor);
    return this.existing(id);
  }

  private async existing(id: string): Promise<Execution> {
    const row = await this.executions.find(id);
    if (row) return toExecution(row);
    throw new MissionError('not_found', `There is no run ${id}.`);
  }
}
