import { ArgsType, Field, Float, Int } from '@nestjs/graphql';
import { ExecutionFilter } from './execution-filter.input.js';

/** The arguments of a bulk operation: a filter of runs, and their number in one call. */
@ArgsType()
export class BulkArgs {
  @Field(() => ExecutionFilter)
  filter: ExecutionFilter;

  @Field(() => Int, { nullable: true, description: '1 to 500; absent = 100.' })
  first?: number | null;

  @Field(() => String, { nullable: true, description: 'The endCursor of the call before.' })
  after?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Nothing is done; the answer tells what would be.',
  })
  dryRun?: boolean | null;
}

/** The arguments of a bulk cancellation. */
@ArgsType()
export class BulkCancelArgs extends BulkArgs {
  @Field(() => String, { nullable: true })
  reason?: string | null;

  @Field(() => Boolean, { nullable: true })
  force?: boolean | null;

  @Field(() => Float, { nullable: true })
  graceSeconds?: number | null;
}

/** The arguments of a bulk re-run. */
@ArgsType()
export class BulkRerunArgs extends BulkArgs {
  @Field(() => String, { nullable: true })
  fromStep?: string | null;

  @Field(() => String, { nullable: true })
  version?: string | null;
}
