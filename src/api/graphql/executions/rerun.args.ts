import { ArgsType, Field, ID } from '@nestjs/graphql';
import { GraphQLJson } from '../schema/json.scalar.js';

/** The arguments of a re-run. */
@ArgsType()
export class RerunArgs {
  @Field(() => ID)
  id: string;

  @Field(() => String, {
    nullable: true,
    description: 'The name or path of the step that it begins with; absent = the whole.',
  })
  fromStep?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Indices of the loops around that step, outermost first, joined by dots.',
  })
  iteration?: string | null;

  @Field(() => GraphQLJson, { nullable: true, description: 'Inputs that are to be others.' })
  inputs?: unknown;

  @Field(() => String, {
    nullable: true,
    description: '`old` (the Plan of that run, the default), `newest`, or a version.',
  })
  version?: string | null;

  @Field(() => String, { nullable: true, description: 'The same key starts it only once.' })
  idempotencyKey?: string | null;
}
