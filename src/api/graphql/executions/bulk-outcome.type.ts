import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import type { BulkOutcome as Outcome } from '../../../kernel/bulk-service.js';
import { Execution, toExecution } from './execution.type.js';

@ObjectType({ description: 'A run that it was done with.' })
export class BulkDone {
  @Field(() => ID)
  id: string;

  @Field(() => ID, { nullable: true, description: 'Of a re-run: the new run.' })
  startedId: string | null;
}

@ObjectType({ description: 'A run that refused.' })
export class BulkFailure {
  @Field(() => ID)
  id: string;

  @Field(() => String)
  code: string;

  @Field(() => String)
  message: string;
}

/** The outcome of one bulk call. */
@ObjectType({ description: 'What one call did with many runs.' })
export class BulkOutcome {
  @Field(() => Boolean)
  dryRun: boolean;

  @Field(() => Int, {
    description: 'Runs that the filter meets from the cursor on, and that it can be done with.',
  })
  matched: number;

  @Field(() => [BulkDone])
  done: BulkDone[];

  @Field(() => [BulkFailure])
  failed: BulkFailure[];

  @Field(() => [Execution], { description: 'The first ten.' })
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
