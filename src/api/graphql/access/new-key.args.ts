import { ArgsType, Field } from '@nestjs/graphql';
import { GraphQLDateTime } from '../schema/date-time.scalar.js';

@ArgsType()
export class NewKeyArgs {
  @Field(() => String, { description: 'The user that the key acts as.' })
  user: string;

  @Field(() => String, { nullable: true, description: 'What the key is for.' })
  name?: string | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Rights that bound those of the user, such as read:executions.',
  })
  rights?: string[] | null;

  @Field(() => GraphQLDateTime, { nullable: true })
  expiresAt?: Date | null;

  @Field(() => Boolean, { nullable: true, description: 'True = every write is refused.' })
  readOnly?: boolean | null;
}
