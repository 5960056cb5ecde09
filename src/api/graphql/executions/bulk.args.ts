import { ArgsType, Field, Float, Int } from '@nestjs/graphql';
import { ExecutionFilter } from './execution-filter.input.js';

/** The arguments of a bulk operation: a filter of runs, and their number in one call. */
@ArgsType()
export class BulkArgs {
  @Field(() => ExecutionFilter)
  filter: ExecutionFilter;

  @Field(() => Int, {
    nullable: true,
    description: 'Maximum number of runs in one call, 1 to 500; the default is 100.',
  })
  first?: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'The endCursor that the previous call returned.',
  })
  after?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'If true, nothing is changed: the result shows which runs would be affected.',
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
