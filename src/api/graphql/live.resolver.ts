import { Inject } from '@nestjs/common';
import { Args, ID, Resolver, Subscription } from '@nestjs/graphql';
import type { LogLevel } from '../../contracts/script.js';
import { Feed } from '../../observation/feed.js';
import { levelsFrom } from '../../observation/log.reader.js';
import type { ExecutionRow } from '../../platform/database/entities/execution.row.js';
import type { LogRow } from '../../platform/database/entities/log.row.js';
import type { StepRow } from '../../platform/database/entities/step.row.js';
import { Requires } from '../rights/requires.decorator.js';
import { Execution, toExecution } from './execution.type.js';
import { LogEntry, LogLevelEnum, toLogEntry } from './log-entry.type.js';
import { StepRun, toStepRun } from './step-run.type.js';

const gravity = (row: LogRow, { level }: { level?: LogLevel | null }) =>
  !level || levelsFrom(level).includes(row.level);

/** What happens, as it happens. With an id, what is there comes first. */
@Resolver()
export class LiveResolver {
  constructor(@Inject(Feed) private readonly feed: Feed) {}

  @Requires('read:executions')
  @Subscription(() => Execution, {
    resolve: toExecution,
    description: 'A run as it is and as it becomes; without an id every run, from now on.',
  })
  executionUpdated(
    @Args('id', { type: () => ID, nullable: true }) id: string | null,
  ): Promise<AsyncIterableIterator<ExecutionRow>> {
    return this.feed.executions(id ?? null);
  }

  @Requires('read:executions')
  @Subscription(() => StepRun, {
    resolve: toStepRun,
    description: 'The steps of a run so far, and every later change.',
  })
  stepUpdated(
    @Args('executionId', { type: () => ID }) executionId: string,
  ): Promise<AsyncIterableIterator<StepRow>> {
    return this.feed.steps(executionId);
  }

  @Requires('read:logs')
  @Subscription(() => LogEntry, {
    resolve: toLogEntry,
    filter: gravity,
    description: 'Log lines of `level` and graver; of a run those so far first.',
  })
  logAdded(
    @Args('executionId', { type: () => ID, nullable: true }) executionId: string | null,
    @Args('level', { type: () => LogLevelEnum, nullable: true }) _level: LogLevel | null,
  ): Promise<AsyncIterableIterator<LogRow>> {
    return this.feed.logs(executionId ?? null);
  }
}
