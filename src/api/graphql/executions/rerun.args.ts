import { ArgsType, Field, ID } from '@nestjs/graphql';
import { GraphQLJson } from '../schema/json.scalar.js';

/** The arguments of a re-run. */
@ArgsType()
export class RerunArgs {
  @Field(() => ID)
  id: string;

  @Field(() => String, {
    nullable: true,
    description: 'Name or path of the first step to repeat; by default the whole run is repeated.',
  })
  fromStep?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Indices of the loops around that step, outermost first, joined by dots.',
  })
  iteration?: string | null;

  @Field(() => GraphQLJson, {
    nullable: true,
    description:
      'Inputs that replace those of the recorded run. Inputs that are not given here stay as they were.',
  })
  inputs?: unknown;

  @Field(() => String, {
    nullable: true,
    description:
      'The version of the directive to run: `old` (the plan of the original run, the default), `newest`, or a version number.',
  })
  version?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'A second request with the same key returns the run that the first one started.',
  })
  idempotencyKey?: string | null;
}
