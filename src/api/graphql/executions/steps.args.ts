import { ArgsType, Field, Int } from '@nestjs/graphql';

/** Upper bound on the steps of a run that one query returns. */
export const MAX_STEPS = 1_000;

/** The arguments that select steps of a run. */
@ArgsType()
export class StepsArgs {
  @Field(() => Int, { nullable: true, defaultValue: MAX_STEPS })
  first: number | null;

  @Field(() => Int, { nullable: true, defaultValue: 0 })
  offset: number | null;

  @Field(() => String, { nullable: true, description: 'Selects steps by name or by path.' })
  name?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Selects one iteration by its indices, such as `3.0`.',
  })
  iteration?: string | null;
}
