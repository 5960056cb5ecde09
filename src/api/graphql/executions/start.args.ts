import { ArgsType, Field } from '@nestjs/graphql';
import { GraphQLJson } from '../schema/json.scalar.js';

/** The arguments of a start. */
@ArgsType()
export class StartArgs {
  @Field(() => String)
  directive: string;

  @Field(() => String, { nullable: true, description: 'A version that was run before.' })
  version: string | null;

  @Field(() => String, { nullable: true, description: 'A text to run instead of the file.' })
  source: string | null;

  @Field(() => GraphQLJson, { nullable: true })
  inputs: unknown;

  @Field(() => String, {
    nullable: true,
    description: 'The same key again answers the same run, and starts none.',
  })
  idempotencyKey: string | null;
}
