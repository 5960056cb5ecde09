import { ArgsType, Field } from '@nestjs/graphql';
import { GraphQLJson } from '../schema/json.scalar.js';

/** The arguments of a start. */
@ArgsType()
export class StartArgs {
  @Field(() => String)
  directive: string;

  @Field(() => String, {
    nullable: true,
    description: 'An earlier version of the directive that was run.',
  })
  version: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The YAML text of a directive, to be run instead of the file.',
  })
  source: string | null;

  @Field(() => GraphQLJson, { nullable: true })
  inputs: unknown;

  @Field(() => String, {
    nullable: true,
    description: 'A second request with the same key returns the run that the first one started.',
  })
  idempotencyKey: string | null;
}
