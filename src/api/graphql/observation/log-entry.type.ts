import { Field, ID, ObjectType } from '@nestjs/graphql';
import type { Json } from '../../../contracts/json/json.js';
import type { LogLevel } from '../../../contracts/script.js';
import type { LogRow } from '../../../platform/database/entities/observation/log.row.js';
import { connectionOf } from '../schema/connection-of.js';
import { GraphQLDateTime } from '../schema/date-time.scalar.js';
import { enumOf } from '../schema/enum-of.js';
import { GraphQLJson } from '../schema/json.scalar.js';

export const LogLevelEnum = enumOf<LogLevel>('LogLevel', ['debug', 'info', 'warn', 'error']);

/** One structured log line. */
@ObjectType({ description: 'One structured log entry.' })
export class LogEntry {
  @Field(() => ID)
  id: string;

  @Field(() => GraphQLDateTime)
  at: Date;

  @Field(() => LogLevelEnum)
  level: LogLevel;

  @Field(() => String)
  message: string;

  @Field(() => GraphQLJson, { nullable: true })
  data: Json;

  @Field(() => String, {
    description: 'The source of the entry, such as script:NAME or mcp:SERVER.',
  })
  source: string;

  @Field(() => ID, { nullable: true })
  executionId: string | null;

  @Field(() => String, { nullable: true })
  stepPath: string | null;

  @Field(() => String, { nullable: true })
  iteration: string | null;
}

export const LogConnection = connectionOf(LogEntry, 'Log');

/** Converts a row to the API's type. */
export const toLogEntry = (row: LogRow): LogEntry => ({
  id: row.id,
  at: row.at,
  level: row.level,
  message: row.message,
  data: row.data,
  source: row.source,
  executionId: row.run_id,
  stepPath: row.step_path,
  iteration: row.iteration,
});
