import { ArgsType, Field, Int } from '@nestjs/graphql';

/** How every list is paged. */
@ArgsType()
export class PageArgs {
  @Field(() => Int, { defaultValue: 20, description: 'Items on the page, 1 to 100.' })
  first: number;

  @Field(() => String, { nullable: true, description: 'pageInfo.endCursor of the page before.' })
  after: string | null;
}
