import { Field, Int, ObjectType } from '@nestjs/graphql';

/** An effect of an edit on live runs or on other directives. */
@ObjectType({
  description: 'One effect of a change to a directive. Runs in progress keep the plan with which they started.',
})
export class PlanImpact {
  @Field(() => String, {
    description:
      'The kind of effect: live_runs, live_wait, version_reused, range_left, script_gone, server_gone, model_gone or directive_gone.',
  })
  code: string;

  @Field(() => String)
  severity: string;

  @Field(() => String)
  message: string;

  @Field(() => Int, { description: 'Number of runs affected.' })
  runs: number;
}
