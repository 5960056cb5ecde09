import { Field, ID, InputType } from '@nestjs/graphql';
import { TRIGGERS, type ExecutionStatus, type Trigger } from '../../../contracts/execution.js';
import { GraphQLDateTime } from '../schema/date-time.scalar.js';
import { enumOf } from '../schema/enum-of.js';
import { ExecutionStatusEnum } from './execution.type.js';

export const TriggerEnum = enumOf('Trigger', TRIGGERS);

/** Everything that is given must hold. */
@InputType({ description: 'A run must match all fields that are given.' })
export class ExecutionFilter {
  @Field(() => [ExecutionStatusEnum], { nullable: true })
  status?: ExecutionStatus[] | null;

  @Field(() => String, { nullable: true })
  directiveName?: string | null;

  @Field(() => TriggerEnum, { nullable: true })
  triggeredBy?: Trigger | null;

  @Field(() => String, { nullable: true })
  actor?: string | null;

  @Field(() => ID, { nullable: true })
  parentId?: string | null;

  @Field(() => ID, { nullable: true })
  rootId?: string | null;

  @Field(() => GraphQLDateTime, { nullable: true })
  createdAfter?: Date | null;

  @Field(() => GraphQLDateTime, { nullable: true })
  createdBefore?: Date | null;

  @Field(() => GraphQLDateTime, { nullable: true })
  startedAfter?: Date | null;

  @Field(() => GraphQLDateTime, { nullable: true })
  startedBefore?: Date | null;

  @Field(() => ID, { nullable: true })
  rerunOf?: string | null;

  @Field(() => [ID], { nullable: true })
  ids?: string[] | null;

  @Field(() => String, {
    nullable: true,
    description: 'The first characters of the ID. Shadow runs are included.',
  })
  idPrefix?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'True selects runs that no other run started; false selects child runs.',
  })
  isRoot?: boolean | null;

  @Field(() => ID, { nullable: true, description: 'Selects the shadow runs of this run.' })
  shadowOf?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'True selects shadow runs only. Shadow runs are left out unless this, shadowOf or idPrefix is given.',
  })
  shadow?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'True selects runs of the platform itself only. They are left out unless this, a directive, an actor or an ID is given.',
  })
  system?: boolean | null;
}
