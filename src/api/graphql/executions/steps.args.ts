import { ArgsType, Field, Int } from '@nestjs/graphql';

/** Steps of a run that one query gets. */
export const MAX_STEPS = 1_000;

/** Which steps of a run. */
@ArgsType()
export class StepsArgs {
  @Field(() => Int, { nullable: true, defaultValue: MAX_STEPS })
  first: number | null;

  @Field(() => Int, { nullable: true, defaultValue: 0 })
  offset: number | null;

  @Field(() => String, { nullable: true, description: 'The name of a step, or its path.' })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'The indices of one iteration, `3.0`.' })
  iteration?: string | null;
}
