import { Field, Int, ObjectType } from '@nestjs/graphql';

/** An effect of an edit on live runs or on other directives. */
@ObjectType({
  description: 'What an edit means for what is there already. A run keeps the plan it began with.',
})
export class PlanImpact {
  @Field(() => String, {
    description:
      'live_runs, live_wait, version_reused, range_left, script_gone, server_gone, model_gone or directive_gone.',
  })
  code: string;

  @Field(() => String)
  severity: string;

  @Field(() => String)
  message: string;

  @Field(() => Int, { description: 'Runs that it is about.' })
  runs: number;
}
