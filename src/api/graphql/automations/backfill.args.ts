import { ArgsType, Field } from '@nestjs/graphql';
import { OVERLAP_POLICIES, type OverlapPolicy } from '../../../contracts/run/automation.js';
import { GraphQLDateTime } from '../schema/date-time.scalar.js';
import { enumOf } from '../schema/enum-of.js';

const OverlapEnum = enumOf<OverlapPolicy>('OverlapPolicy', OVERLAP_POLICIES);

/** A span of due times, both ends included. */
@ArgsType()
export class BackfillArgs {
  @Field(() => String, { description: 'Its name or its id.' })
  name: string;

  @Field(() => GraphQLDateTime)
  from: Date;

  @Field(() => GraphQLDateTime)
  to: Date;

  @Field(() => OverlapEnum, {
    nullable: true,
    description: 'allow_all runs them at the same time; else one runs after the other.',
  })
  overlap: OverlapPolicy | null;
}
