import { ArgsType, Field, ID } from '@nestjs/graphql';
import type { Decision } from '../../../contracts/run/approval.js';
import { GraphQLJson } from '../schema/json.scalar.js';
import { DecisionEnum } from './approval.type.js';

/** A decision on an approval. */
@ArgsType()
export class DecisionArgs {
  @Field(() => ID)
  id: string;

  @Field(() => DecisionEnum)
  decision: Decision;

  @Field(() => String, { nullable: true })
  comment?: string | null;

  @Field(() => GraphQLJson, { nullable: true })
  form?: unknown;

  @Field(() => String, {
    nullable: true,
    description:
      'The hash of the approval as it was shown. If it asks something else by now, the decision is refused with `conflict`.',
  })
  hash?: string | null;
}
