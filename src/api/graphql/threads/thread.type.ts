import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { THREAD_STATUSES, type ThreadStatus } from '../../../contracts/thread.js';
import type { ThreadRow } from '../../../platform/database/entities/threads/thread.row.js';
import { GraphQLDateTime } from '../schema/date-time.scalar.js';
import { enumOf } from '../schema/enum-of.js';

export const ThreadStatusEnum = enumOf<ThreadStatus>('ThreadStatus', [...THREAD_STATUSES]);

@ObjectType({ description: 'A conversation. Each message is answered by one run.' })
export class Thread {
  @Field(() => ID)
  id: string;

  @Field(() => String, {
    description: 'The directive that answers, pinned when the thread was opened.',
  })
  directiveName: string;

  @Field(() => String)
  directiveVersion: string;

  @Field(() => String, { description: 'single_shot, persistent or scoped.' })
  mode: string;

  @Field(() => String, { nullable: true })
  channel: string | null;

  @Field(() => String, { nullable: true })
  projectPath: string | null;

  @Field(() => String)
  owner: string;

  @Field(() => ThreadStatusEnum)
  status: ThreadStatus;

  @Field(() => String, {
    description:
      'What happens to a message while another one is answered: enqueue, reject, interrupt or rollback.',
  })
  onBusy: string;

  @Field(() => String, { description: 'What turns read of earlier messages.' })
  memoryStrategy: string;

  @Field(() => Int, {
    description: 'The sequence of the last event, to follow the stream from now on.',
  })
  lastEvent: number;

  @Field(() => ID, { nullable: true })
  forkedFrom: string | null;

  @Field(() => GraphQLDateTime)
  createdAt: Date;

  @Field(() => GraphQLDateTime)
  updatedAt: Date;
}

export const toThread = (row: ThreadRow): Thread => ({
  id: row.id,
  directiveName: row.directive_name,
  directiveVersion: row.directive_version,
  mode: row.mode,
  channel: row.channel,
  projectPath: row.project_path,
  owner: row.owner,
  status: row.status,
  onBusy: row.on_busy,
  memoryStrategy: row.memory,
  lastEvent: row.event_seq,
  forkedFrom: row.forked_from,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});
