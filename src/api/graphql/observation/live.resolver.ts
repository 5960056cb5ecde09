import { Inject } from '@nestjs/common';
import { Args, ID, Resolver, Subscription } from '@nestjs/graphql';
import { MissionError } from '../../../contracts/errors.js';
import type { LogLevel } from '../../../contracts/script.js';
import { ExecutionReader } from '../../../observation/readers/execution.reader.js';
import { Feed } from '../../../observation/feeds/feed.js';
import { levelsFrom } from '../../../observation/readers/log.reader.js';
import type { ExecutionRow } from '../../../platform/database/entities/runs/execution.row.js';
import type { LogRow } from '../../../platform/database/entities/observation/log.row.js';
import type { StepRow } from '../../../platform/database/entities/runs/step.row.js';
import { Requires } from '../../rights/requires.decorator.js';
import { Execution, toExecution } from '../executions/execution.type.js';
import { LogEntry, LogLevelEnum, toLogEntry } from './log-entry.type.js';
import { StepRun, toStepRun } from '../executions/step-run.type.js';

const gravity = (row: LogRow, { level }: { level?: LogLevel | null }) =>
  !level || levelsFrom(level).includes(row.level);

/** Subscriptions. With a run's id, the present state comes first, and the subscription completes with the run's end. */
@Resolver()
export class LiveResolver {
  constructor(
    @Inject(Feed) private readonly feed: Feed,
    @Inject(ExecutionReader) private readonly runs: ExecutionReader,
  ) {}

  @Requires('read:executions')
  @Subscription(() => Execution, {
    resolve: toExecution,
    description:
      'With an ID: the run as it is now and after each change; completes when the run has ended. Without an ID: each later change of any run.',
  })
  async executionUpdated(
    @Args('id', { type: () => ID, nullable: true }) id: string | null,
  ): Promise<AsyncIterableIterator<ExecutionRow>> {
    await this.check(id);
    return this.feed.executions(id ?? null);
  }

  @Requires('read:executions')
  @Subscription(() => StepRun, {
    resolve: toStepRun,
    description:
      'The existing steps of a run, then each change of a step. Completes when the run has ended and all changes have been sent.',
  })
  async stepUpdated(
    @Args('executionId', { type: () => ID }) executionId: string,
  ): Promise<AsyncIterableIterator<StepRow>> {
    await this.check(executionId);
    return this.feed.steps(executionId);
  }

  @Requires('read:logs')
  @Subscription(() => LogEntry, {
    resolve: toLogEntry,
    filter: gravity,
    description:
      'Log entries of `level` or more severe. With an executionId, existing entries come first, and the subscription completes shortly after the run has ended.',
  })
  async logAdded(
    @Args('executionId', { type: () => ID, nullable: true }) executionId: string | null,
    @Args('level', { type: () => LogLevelEnum, nullable: true }) _level: LogLevel | null,
  ): Promise<AsyncIterableIterator<LogRow>> {
    await this.check(executionId);
    return this.feed.logs(executionId ?? null);
  }

  /** Throws `not_found` for an unknown run, whose subscription would otherwise wait forever. */
  private async check(id: string | null | undefined): Promise<void> {
    if (typeof id !== 'string' || (await this.runs.find(id))) return;
    throw new MissionError('not_found', `There is no run ${id.slice(0, 100)}.`);
  }
}
