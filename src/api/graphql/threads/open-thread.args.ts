import { ArgsType, Field } from '@nestjs/graphql';
import type { JsonObject } from '../../../contracts/json/json.js';
import { GraphQLJson } from '../schema/json.scalar.js';

@ArgsType()
export class OpenThreadArgs {
  @Field(() => String, { nullable: true, description: 'Absent = intent_handler.' })
  directive?: string;

  @Field(() => String, {
    nullable: true,
    description: 'single_shot, persistent (the default) or scoped.',
  })
  mode?: string;

  @Field(() => String, { nullable: true })
  channel?: string;

  @Field(() => String, { nullable: true })
  projectPath?: string;

  @Field(() => String, { nullable: true })
  platform?: string;

  @Field(() => String, {
    nullable: true,
    description: 'enqueue (the default), reject, interrupt or rollback.',
  })
  onBusy?: string;

  @Field(() => String, {
    nullable: true,
    description:
      'hierarchical (the default), summarize, key_facts, topic_pruning or sliding_window.',
  })
  memory?: string;

  @Field(() => GraphQLJson, { nullable: true })
  inputs?: JsonObject;
}
