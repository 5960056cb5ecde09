import { Field, ObjectType } from '@nestjs/graphql';

/** A holder of a key who may decide approvals. */
@ObjectType({ description: 'Somebody who may decide what runs ask: the holder of a key.' })
export class Approver {
  @Field(() => String)
  actor: string;

  @Field(() => String)
  role: string;

  @Field(() => Boolean, { description: 'It is whoever asks this.' })
  you: boolean;
}
