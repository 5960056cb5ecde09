import { Field, ObjectType } from '@nestjs/graphql';

/** A holder of a key who may decide approvals. */
@ObjectType({ description: 'The holder of an API key that has the right to decide approvals.' })
export class Approver {
  @Field(() => String)
  actor: string;

  @Field(() => String)
  role: string;

  @Field(() => Boolean, { description: 'True if this is the actor who sends this request.' })
  you: boolean;
}
