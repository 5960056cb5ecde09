import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import type { BulkOutcome as Outcome } from '../../../kernel/bulk-service.js';
import { Execution, toExecution } from './execution.type.js';

@ObjectType({ description: 'A run for which the operation succeeded.' })
export class BulkDone {
  @Field(() => ID)
  id: string;

  @Field(() => ID, { nullable: true, description: 'After a re-run, the ID of the new run.' })
  startedId: string | null;
}

@ObjectType({ description: 'A run for which the operation failed.' })
export class BulkFailure {
  @Field(() => ID)
  id: string;

  @Field(() => String)
  code: string;

  @Field(() => String)
  message: string;
}

/** The outcome of one bulk call. */
@ObjectType({ description: 'The outcome of one operation on many runs.' })
export class BulkOutcome {
  @Field(() => Boolean)
  dryRun: boolean;

  @Field(() => Int, {
    description:
      'Number of runs after the cursor that match the filter and whose status allows the operation.',
  })
  matched: number;

  @Field(() => [BulkDone])
  done: BulkDone[];

  @Field(() => [BulkFailure])
  failed: BulkFailure[];

  @Field(() => [Execution], { description: 'The first ten runs that match.' })
  sample: Execution[];

  @Field(() => String, { nullable: true })
  endCursor: string | null;

  @Field(() => Boolean)
  hasNextPage: boolean;
}

export const toBulkOutcome = (outcome: Outcome): BulkOutcome => ({
  ...outcome,
  sample: outcome.sample.map(toExecution),
});
