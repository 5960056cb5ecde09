import { Field, Int, ObjectType } from '@nestjs/graphql';
import type { Json } from '../../../contracts/json/json.js';
import { DIFFERENCE_KINDS, type DifferenceKind } from '../../../contracts/run/shadow.js';
import { enumOf } from '../schema/enum-of.js';
import { GraphQLJson } from '../schema/json.scalar.js';

export const DifferenceKindEnum = enumOf('DifferenceKind', DIFFERENCE_KINDS);

@ObjectType({ description: 'What is otherwise in a shadow run than in the recorded one.' })
export class ShadowDifference {
  @Field(() => DifferenceKindEnum)
  kind: DifferenceKind;

  @Field(() => String, { description: 'Of the step; empty where it is the run itself.' })
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

@ObjectType({ description: 'What a shadow run found out.' })
export class ShadowReport {
  @Field(() => Int, { description: 'Steps that both runs have.' })
  compared: number;

  @Field(() => Int)
  total: number;

  @Field(() => [ShadowDifference], { description: 'The first thousand.' })
  differences: ShadowDifference[];
}
