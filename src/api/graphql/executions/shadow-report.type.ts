import { Field, Int, ObjectType } from '@nestjs/graphql';
import type { Json } from '../../../contracts/json/json.js';
import { DIFFERENCE_KINDS, type DifferenceKind } from '../../../contracts/run/shadow.js';
import { enumOf } from '../schema/enum-of.js';
import { GraphQLJson } from '../schema/json.scalar.js';

export const DifferenceKindEnum = enumOf('DifferenceKind', DIFFERENCE_KINDS);

@ObjectType({ description: 'One difference between a shadow run and the recorded run.' })
export class ShadowDifference {
  @Field(() => DifferenceKindEnum)
  kind: DifferenceKind;

  @Field(() => String, {
    description: 'Path of the step; empty if the difference concerns the run itself.',
  })
  path: string;

  @Field(() => String)
  iteration: string;

  @Field(() => String)
  name: string;

  @Field(() => GraphQLJson, { nullable: true })
  recorded: Json;

  @Field(() => GraphQLJson, { nullable: true })
  shadow: Json;
}

@ObjectType({ description: 'The comparison of a shadow run with the recorded run.' })
export class ShadowReport {
  @Field(() => Int, { description: 'Number of steps that both runs have.' })
  compared: number;

  @Field(() => Int)
  total: number;

  @Field(() => [ShadowDifference], { description: 'The differences; at most 1,000.' })
  differences: ShadowDifference[];
}
