import { ArgsType, Field, Int } from '@nestjs/graphql';

/** The paging arguments of every list. */
@ArgsType()
export class PageArgs {
  @Field(() => Int, {
    nullable: true,
    defaultValue: 20,
    description: 'Number of items on the page, 1 to 100.',
  })
  first: number | null;

  @Field(() => String, { nullable: true, description: 'pageInfo.endCursor of the previous page.' })
  after: string | null;
}
