import { ArgsType, Field, ID } from '@nestjs/graphql';
import { GraphQLJson } from '../schema/json.scalar.js';

/** The arguments of a shadow run. */
@ArgsType()
export class ShadowArgs {
  @Field(() => ID)
  id: string;

  @Field(() => String, {
    nullable: true,
    description:
      'The version of the directive to run: `newest` (the default), `old` (the plan of the original run), or a version number.',
  })
  version?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The YAML text of a directive, to be run instead of a stored version.',
  })
  source?: string | null;

  @Field(() => GraphQLJson, {
    nullable: true,
    description:
      'Inputs that replace those of the recorded run. Inputs that are not given here stay as they were.',
  })
  inputs?: unknown;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'If true, a call that has no recorded result returns null. If false, the shadow run ends there.',
  })
  goOn?: boolean | null;
}
