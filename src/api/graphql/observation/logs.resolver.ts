import { Inject } from '@nestjs/common';
import { Args, ID, Query, Resolver } from '@nestjs/graphql';
import type { LogLevel } from '../../../contracts/script.js';
import { LogReader } from '../../../observation/readers/log.reader.js';
import { Requires } from '../../rights/requires.decorator.js';
import { toConnection } from '../schema/connection-of.js';
import { LogConnection, LogEntry, LogLevelEnum, toLogEntry } from './log-entry.type.js';
import { PageArgs } from '../schema/page.args.js';

/** Reads log lines. */
@Resolver(() => LogEntry)
export class LogsResolver {
  constructor(@Inject(LogReader) private readonly logs: LogReader) {}

  @Requires('read:logs')
  @Query(() => LogConnection, {
    name: 'logs',
    description: 'Newest first. With `level`, entries of that level or more severe.',
  })
  async list(
    @Args() page: PageArgs,
    @Args('executionId', { type: () => ID, nullable: true }) executionId: string | null,
    @Args('stepPath', { type: () => String, nullable: true }) stepPath: string | null,
    @Args('level', { type: () => LogLevelEnum, nullable: true }) level: LogLevel | null,
  ) {
    return toConnection(
      await this.logs.page({ executionId, stepPath, level }, page),
      toLogEntry,
      !!page.after,
    );
  }
}
