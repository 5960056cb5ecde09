import { Field, Float, Int, ObjectType } from '@nestjs/graphql';
import type { PlanEstimate as Estimate } from '../../../language/plan/estimate/estimate.js';

@ObjectType({ description: 'A number estimated for a run in which each loop reaches its maximum number of iterations.' })
export class EstimatedCount {
  @Field(() => Float, { description: 'The number if each step succeeds at the first attempt.' })
  usual: number;

  @Field(() => Float, { description: 'The number if each step needs all of its attempts.' })
  worst: number;
}

/** The maximum cost of a run of a Plan, and the things that the run can touch. */
@ObjectType({ description: 'The maximum cost of a run, and what the run uses.' })
export class PlanEstimate {
  @Field(() => [String])
  rights: string[];

  @Field(() => [String])
  servers: string[];

  @Field(() => [String], { description: 'The language models that the directive names.' })
  models: string[];

  @Field(() => [String])
  secrets: string[];

  @Field(() => [String], { description: 'The scripts that the directive calls.' })
  scripts: string[];

  @Field(() => [String], { description: 'The directives that it starts as child runs: name, or name@range.' })
  directives: string[];

  @Field(() => EstimatedCount)
  activities: EstimatedCount;

  @Field(() => EstimatedCount, { description: 'Approximate number of events in Temporal’s history.' })
  historyEvents: EstimatedCount;

  @Field(() => EstimatedCount)
  childRuns: EstimatedCount;

  @Field(() => Int, { description: 'Maximum number of steps that run at the same time.' })
  lanes: number;

  @Field(() => Float)
  worstSeconds: number;
}

/** Converts an estimate to the API's type. */
export const toPlanEstimate = ({ worst_seconds, ...estimate }: Estimate): PlanEstimate => ({
  rights: estimate.rights,
  servers: estimate.servers,
  models: estimate.models,
  secrets: estimate.secrets,
  scripts: estimate.scripts,
  directives: estimate.directives,
  activities: estimate.activities.planned,
  historyEvents: estimate.history_events.planned,
  childRuns: estimate.child_runs,
  lanes: estimate.lanes,
  worstSeconds: worst_seconds,
});
