import { ArgsType, Field, ID } from '@nestjs/graphql';
import { GraphQLJson } from '../schema/json.scalar.js';

/** The arguments of a shadow run. */
@ArgsType()
export class ShadowArgs {
  @Field(() => ID)
  id: string;

  @Field(() => String, {
    nullable: true,
    description: '`newest` (the default), `old` (the Plan of that run), or a version.',
  })
  version?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The text of a directive, instead of a version.',
  })
  source?: string | null;

  @Field(() => GraphQLJson, { nullable: true, description: 'Inputs that are to be others.' })
  inputs?: unknown;

  @Field(() => Boolean, {
    nullable: true,
    description: 'A call without a recorded answer gives null; otherwise the shadow ends there.',
  })
  goOn?: boolean | null;
}
