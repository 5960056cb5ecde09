import { Field, Float, ID, Int, ObjectType } from '@nestjs/graphql';
import type { ThreadMessageRow } from '../../../platform/database/entities/threads/thread-message.row.js';
import type { StepError } from '../../../contracts/errors.js';
import type { ThreadEvent as Event } from '../../../contracts/thread.js';
import type { JsonObject } from '../../../contracts/json/json.js';
import { ExecutionError } from '../executions/execution-error.type.js';
import { GraphQLDateTime } from '../schema/date-time.scalar.js';
import { GraphQLJson } from '../schema/json.scalar.js';

@ObjectType({ description: 'A message of a person, or the answer to one.' })
export class ThreadMessage {
  @Field(() => ID)
  id: string;

  @Field(() => Int, { description: 'Its place in the thread, from 1.' })
  sequence: number;

  @Field(() => String, { description: 'user or assistant.' })
  role: string;

  @Field(() => String)
  content: string;

  @Field(() => String)
  speaker: string;

  @Field(() => String, { description: 'queued, running, done, error, cancelled or rolled_back.' })
  status: string;

  @Field(() => ID, {
    nullable: true,
    description: 'The run that answers the message, or gave the answer.',
  })
  executionId: string | null;

  @Field(() => ID, { nullable: true, description: 'For an answer: the message that it answers.' })
  replyTo: string | null;

  @Field(() => Int)
  tokens: number;

  @Field(() => Float, { nullable: true })
  durationMs: number | null;

  @Field(() => ExecutionError, { nullable: true })
  error: StepError | null;

  @Field(() => GraphQLDateTime)
  createdAt: Date;
}

export const toThreadMessage = (row: ThreadMessageRow): ThreadMessage => ({
  id: row.id,
  sequence: row.seq,
  role: row.role,
  content: row.content,
  speaker: row.speaker,
  status: row.status,
  executionId: row.run_id,
  replyTo: row.reply_to,
  tokens: row.tokens,
  durationMs: row.duration_ms,
  error: row.error,
  createdAt: row.created_at,
});

@ObjectType({ description: 'An event of the stream of a thread.' })
export class ThreadEvent {
  @Field(() => Int, { description: 'Grows with each event of the thread.' })
  sequence: number;

  @Field(() => ID, { description: 'The message that is being answered.' })
  messageId: string;

  @Field(() => String, { description: 'content_block_delta, tool_start, message_stop …' })
  type: string;

  @Field(() => GraphQLJson)
  data: JsonObject;
}

export const toThreadEvent = ({ seq, message_id, type, data }: Event): ThreadEvent => ({
  sequence: seq,
  messageId: message_id,
  type,
  data: data as unknown as JsonObject,
});
